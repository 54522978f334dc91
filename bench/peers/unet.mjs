// The U-Net of three levels without norms, in the operators of whoever computes it.

/**
 * The logits of `x`. `conv(x, name)` convolves with weight and bias of that name; `keep(x)` is another handle on a tensor that is used twice,
 * where operators free what they are given.
 */
export function unet({ conv, relu, halve, double, concat, keep = (x) => x }, x) {
  const level = (name, input) => relu(conv(relu(conv(input, `${name}.layers.0`)), `${name}.layers.2`));
  const first = level("down1", x);
  const second = level("down2", halve(keep(first)));
  const third = level("bottom", halve(keep(second)));
  const above = level("up2", concat(double(third), second));
  return conv(level("up1", concat(double(above), first)), "head");
}
