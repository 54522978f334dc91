# The loss of logits that lie in many files, on Spark: each partition counts its files, and one merges the parts.
#
#   pip install pyspark        and Java 17
#   python3 examples/spark/evaluate.py --kind softmax --ignore 255 --folder logits/ [--partitions 4]
#
# The folder holds values-*.npy, logits [B, C, H, W] or [P, C] of float32, and labels-*.npy of the same names. Executors on other machines need to
# see the folder under the same path, and the command: npm i -g lovasz, or LOVASZ="npx lovasz".
import argparse
import os
import pathlib
import subprocess

from pyspark import SparkConf, SparkContext

options = argparse.ArgumentParser()
options.add_argument("--kind", required=True, choices=["hinge", "sigmoid", "softmax"])
options.add_argument("--folder", required=True, type=pathlib.Path)
options.add_argument("--ignore")
options.add_argument("--partitions", type=int, default=4)
options = options.parse_args()

lovasz = os.environ.get("LOVASZ", "lovasz")
count = f"{lovasz} sketch count --kind {options.kind}" + (f" --ignore {options.ignore}" if options.ignore else "")

values = sorted(options.folder.resolve().glob("values-*.npy"))
# a line names the logits, the labels and the part
lines = [f"{path}\t{path.with_name(path.name.replace('values-', 'labels-', 1))}\t{path.stem}" for path in values]

context = SparkContext(conf=SparkConf().setAppName("lovasz").setIfMissing("spark.master", "local[2]"))
context.setLogLevel("ERROR")
# a command that fails fails the task, which Spark tries again
parts = context.parallelize(lines, options.partitions).pipe(count, checkCode=True)
merged = parts.coalesce(1).pipe(f"{lovasz} sketch merge --expect {len(lines)}", checkCode=True).collect()
context.stop()

weighed = subprocess.run([*lovasz.split(), "sketch", "weigh", "--json"], input="\n".join(merged), text=True, stdout=subprocess.PIPE, check=True)
print(weighed.stdout, end="")
