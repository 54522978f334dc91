// The few calls of MPI that training needs, from a library with the ABI of MPICH: MPICH itself, Intel MPI, MVAPICH2 and Cray MPI, whose
// library is libmpi.so.12 or libmpich.so.12 (https://www.mpich.org/abi). Open MPI has another ABI, and does not work.
import koffi from "koffi";

// the handles of that ABI
const WORLD = 0x44000000;
const TYPES = new Map([
  [Float32Array, 0x4c00040a],
  [Float64Array, 0x4c00080b],
  [Uint32Array, 0x4c00043d],
]);
const OPERATIONS = { max: 0x58000001, sum: 0x58000003 };
// the address that says that the result replaces what is sent
const IN_PLACE = -1;

const LIBRARIES = process.env.LOVASZ_MPI ? [process.env.LOVASZ_MPI] : ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib", "msmpi.dll"];

/** Starts MPI. Throws an Error that says what to install where there is no such library. */
export function openMpi() {
  const library = load();
  const call = (name, declaration) => {
    const native = library.func(declaration);
    return (...args) => {
      const code = native(...args);
      if (code !== 0) throw new Error(`${name} failed with code ${code}; see what MPI wrote to standard error`);
    };
  };
  const init = call("MPI_Init", "int MPI_Init(void *argc, void *argv)");
  const rankOf = call("MPI_Comm_rank", "int MPI_Comm_rank(int comm, _Out_ int *rank)");
  const sizeOf = call("MPI_Comm_size", "int MPI_Comm_size(int comm, _Out_ int *size)");
  const allReduce = call("MPI_Allreduce", "int MPI_Allreduce(intptr_t from, void *to, int count, int type, int operation, int comm)");
  const broadcast = call("MPI_Bcast", "int MPI_Bcast(void *values, int count, int type, int root, int comm)");
  const finalize = call("MPI_Finalize", "int MPI_Finalize()");
  const abort = library.func("int MPI_Abort(int comm, int code)");
  const number = (read) => {
    const out = [0];
    read(WORLD, out);
    return out[0];
  };
  init(null, null);
  return {
    /** The number of this process, from 0. */
    rank: number(rankOf),
    /** How many processes there are. */
    size: number(sizeOf),
    /** Replaces `values` of all ranks by their "sum" or "max", entry by entry. */
    allReduce(values, operation) {
      allReduce(IN_PLACE, values, values.length, typeOf(values), OPERATIONS[operation], WORLD);
      return values;
    },
    /** Replaces `values` of all ranks by those of rank 0. */
    broadcast(values) {
      broadcast(values, values.length, typeOf(values), 0, WORLD);
      return values;
    },
    /** Ends this process in order, once all have come so far. */
    close: finalize,
    /** Ends all processes at once. */
    abort: (code) => abort(WORLD, code),
  };
}

// UCX, which carries the messages of many an MPICH, rewrites functions of the C library in memory, and threads of Node may be running them. It also takes
// signals that V8 handles. It reads these as it is loaded.
process.env.UCX_MEM_EVENTS ??= "no";
process.env.UCX_ERROR_SIGNALS ??= "";

function load() {
  for (const name of LIBRARIES) {
    try {
      return koffi.load(name);
    } catch {
      // the next one
    }
  }
  throw new Error(`none of ${LIBRARIES.join(", ")} can be loaded; install MPICH (apt install mpich), or name a library in LOVASZ_MPI`);
}

function typeOf(values) {
  const type = TYPES.get(values.constructor);
  if (type === undefined)
    throw new Error(`MPI is given a ${values.constructor.name}, expected a Float32Array, Float64Array or Uint32Array`);
  return type;
}
