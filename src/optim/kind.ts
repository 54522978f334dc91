// What the base class of the optimisers and the kinds of them know of each other.
/** What tells one kind of optimiser from another. */
export interface Kind<Options> {
  name: string;
  /** The state tensors of a parameter, by PyTorch's names, and the least value that each can have. */
  slots: readonly { name: string; least: number }[];
  /** Returns the options with their defaults after checking them. `call` names the caller in messages. */
  read: (call: string, options: object) => Options;
}

/** What a kernel needs to update one parameter. */
export interface Move {
  /** Pointers to its values, to its gradient, and to the state tensors. */
  values: number;
  gradient: number;
  state: readonly number[];
  size: number;
  /** The number of updates of this parameter, including this one. */
  steps: number;
}
