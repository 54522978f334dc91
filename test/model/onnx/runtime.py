# Checks the models of a folder by onnx, runs them in onnxruntime, and writes the logits beside them.
import json
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

folder = Path(sys.argv[1])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
answers = []
for i, shape in enumerate(json.loads((folder / "shapes.json").read_text())):
    model = onnx.load(folder / f"{i}.onnx")
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    session = onnxruntime.InferenceSession(str(folder / f"{i}.onnx"), options, providers=["CPUExecutionProvider"])
    picture = numpy.fromfile(folder / f"{i}.picture", numpy.float32).reshape(shape)
    logits = session.run(["logits"], {"picture": picture})[0]
    logits.tofile(folder / f"{i}.logits")
    about = session.get_modelmeta()
    answers.append({"shape": logits.shape, "metadata": about.custom_metadata_map, "description": about.description})
print(json.dumps(answers))
