// A checkpoint: network, optimiser and step in one safetensors file, which is written whole or not at all.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { decodeSafetensors, encodeSafetensors } from "lovasz/model";

const prefixed = (prefix, state) => Object.fromEntries(Object.entries(state).map(([name, one]) => [`${prefix}${name}`, one]));
const without = (prefix, state) =>
  Object.fromEntries(Object.entries(state).flatMap(([name, one]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), one]] : [])));

export function saveCheckpoint(file, { network, optimizer, step }) {
  const { state, ...settings } = optimizer.stateDict();
  const tensors = { ...prefixed("network.", network.stateDict()), ...prefixed("optimizer.", state) };
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, encodeSafetensors(tensors, { step: String(step), optimizer: JSON.stringify(settings) }));
  renameSync(aside, file);
}

/** Loads the checkpoint into network and optimiser; the step after which it was written. */
export function loadCheckpoint(file, { network, optimizer }) {
  const { state, metadata } = decodeSafetensors(readFileSync(file));
  network.loadStateDict(without("network.", state));
  optimizer.loadStateDict({ ...JSON.parse(metadata.optimizer), state: without("optimizer.", state) });
  return Number(metadata.step);
}
