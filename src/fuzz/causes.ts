// Why laws are broken. One fault often breaks many laws, and should be told once.
import type { CaseSettings } from "./draw/lossCase.js";
import type { LawName } from "./laws/index.js";
import { extentsOf, type LossCase, type Need } from "./lossCase.js";

/** A cause, and the laws that are broken by it. */
export interface Cause {
  /** What the cases that break these laws have in common, or what is wrong with the loss. */
  summary: string;
  /** The laws; the first has the case that shows it best. */
  laws: LawName[];
}

/** A broken law. */
interface Broken {
  law: LawName;
  /** How many cases it took. */
  runs: number;
  message?: string;
  /** The simplest case. */
  example?: LossCase;
}

/** What cases may lack: if a law holds without it, only cases with it break the law. */
interface Lack {
  summary: string;
  /** The settings of such cases; null where they are those of all cases, or the simplest case shows that it is something else. */
  without: (settings: CaseSettings, example?: LossCase) => CaseSettings | null;
  /** A law that says nothing of cases that lack it, if there is one. */
  silent: LawName | null;
}

const EVERY = ["ignore", "perImage", "classes"] as const;

const lacksOption = (name: (typeof EVERY)[number], silent: LawName, summary: string): Lack => ({
  summary,
  without: (settings) => {
    const { honours = EVERY } = settings;
    return honours.includes(name) ? { ...settings, honours: honours.filter((one) => one !== name) } : null;
  },
  silent,
});

const lacksNeed = (need: Need, summary: string): Lack => ({
  summary,
  without: (settings) => {
    const { needs = [] } = settings;
    return needs.includes(need) ? null : { ...settings, needs: [...needs, need] };
  },
  silent: null,
});

// pixels of an image that is small
const SMALL = 64;

// the narrowest first
const LACKS: readonly Lack[] = [
  {
    summary: `every case that breaks them has images of more than ${SMALL} pixels`,
    without: ({ maxPixels = SMALL + 1, ...settings }, example) =>
      maxPixels > SMALL && example && extentsOf(example).pixels > SMALL ? { ...settings, maxPixels: SMALL } : null,
    silent: null,
  },
  lacksNeed("pixel", "every case that breaks them has an image whose pixels are all ignored"),
  lacksNeed("foreground", "every case that breaks them has an image without positives"),
  {
    summary: "they hold if the loss is to average all classes where the option classes is left out",
    without: (settings) => (settings.classes === "all" ? null : { ...settings, classes: "all" }),
    silent: null,
  },
  lacksOption("ignore", "ignoresVoid", "every case that breaks them has the option ignore"),
  lacksOption("perImage", "averagesImages", "every case that breaks them has several images, or the option perImage"),
  lacksOption("classes", "takesClassLists", "every case that breaks them has the option classes"),
];

/** Tells whether a law holds in so many cases of these settings. */
type Holds = (law: LawName, runs: number, settings: CaseSettings) => Promise<boolean>;

/**
 * Groups the laws in `broken`: by the exception that the loss throws, if it does; then those that hold without something in the cases; and the others
 * by whether the value is wrong, or the gradient alone.
 */
export async function causesOf(broken: readonly Broken[], settings: CaseSettings, holds: Holds): Promise<Cause[]> {
  const causes: Cause[] = [];
  for (const [exception, some] of grouped(broken)) {
    const { lacking, rest } = await byLack(some, settings, holds);
    for (const [{ summary }, laws] of lacking) causes.push({ summary: exception ? `${exception}; ${summary}` : summary, laws });
    if (rest.length === 0) continue;
    if (exception) causes.push({ summary: exception, laws: rest.map(({ law }) => law) });
    else causes.push(...wrongIn(rest));
  }
  return causes.map(({ summary, laws }) => ({ summary, laws: bestFirst(laws) })).sort((a, b) => b.laws.length - a.laws.length);
}

function grouped(broken: readonly Broken[]): Map<string | null, Broken[]> {
  const groups = new Map<string | null, Broken[]>();
  for (const one of broken) groups.set(thrown(one), [...(groups.get(thrown(one)) ?? []), one]);
  return groups;
}

// messages of one exception differ in numbers only
function thrown({ message = "" }: Broken): string | null {
  if (!/^the (loss|program) /.test(message)) return null;
  return oneLine(message).replaceAll(/[\d.]*\d/g, "…");
}

async function byLack(broken: readonly Broken[], settings: CaseSettings, holds: Holds) {
  const lacking = new Map<Lack, LawName[]>();
  const [rest, open]: [Broken[], [Broken, Lack][]] = [[], []];
  for (const one of broken) {
    const lack = await lackOf(one, settings, holds);
    const own = LACKS.find(({ silent, without }) => silent === one.law && without(settings));
    if (lack) lacking.set(lack, [...(lacking.get(lack) ?? []), one.law]);
    else if (own) open.push([one, own]);
    else rest.push(one);
  }
  // where the definition itself is broken in plain cases, so may be any law, and what its cases have in common is chance
  const isBroken = (law: LawName) => rest.some((one) => one.law === law);
  for (const [lack, laws] of lacking) {
    if (!isBroken("isExtension") && (!isBroken("hasSubgradient") || laws.includes("isExtension"))) continue;
    rest.push(...broken.filter(({ law }) => laws.includes(law)));
    lacking.delete(lack);
  }
  // a law that says nothing of other cases goes with what else is broken
  for (const [one, lack] of open) {
    if (rest.length > 0 && !lacking.has(lack)) rest.push(one);
    else lacking.set(lack, [...(lacking.get(lack) ?? []), one.law]);
  }
  return { lacking, rest };
}

// What the cases that break a law have in common: it holds without. Ten times as many cases as it took to break it say so.
async function lackOf({ law, runs, example }: Broken, settings: CaseSettings, holds: Holds): Promise<Lack | null> {
  for (const lack of LACKS) {
    const others = lack.without(settings, example);
    if (others && lack.silent !== law && (await holds(law, 20 + 10 * runs, others))) return lack;
  }
  return null;
}

function wrongIn(broken: readonly Broken[]): Cause[] {
  const laws = broken.map(({ law }) => law);
  if (laws.includes("isExtension")) return [{ summary: "the value is wrong", laws }];
  if (laws.includes("hasSubgradient")) return [{ summary: "the gradient is wrong", laws }];
  return broken.map(({ law, message = "" }) => ({ summary: oneLine(message), laws: [law] }));
}

const oneLine = (message: string) => message.replaceAll(/\s*\n\s*/g, " ");

// these compare with the definition itself
const BEST: readonly LawName[] = ["isExtension", "hasSubgradient"];

const bestFirst = (laws: readonly LawName[]) => [...laws].sort((a, b) => rank(a) - rank(b));

const rank = (law: LawName) => (BEST.includes(law) ? BEST.indexOf(law) : BEST.length);
