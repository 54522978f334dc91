#!/usr/bin/env node
// The command `lovasz`.
import { run } from "./program.js";

process.exitCode = await run(process.argv.slice(2));
