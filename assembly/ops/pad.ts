import { copyBlocks } from "./concat";

/**
 * out = `planes` planes of height x width with `margins` of zeros around them, or cropped by those that are negative. `margins` holds
 * four i32: left, right, top, bottom.
 */
export function pad_f32(a: usize, out: usize, planes: u32, height: i32, width: i32, margins: usize): void {
  const left = load<i32>(margins);
  const right = load<i32>(margins, 4);
  const top = load<i32>(margins, 8);
  const bottom = load<i32>(margins, 12);
  const pitch = (width as usize) << 2;
  const outPitch = ((left + width + right) as usize) << 2;
  const outSize = outPitch * ((top + height + bottom) as usize);
  const isPadded = left > 0 || right > 0 || top > 0 || bottom > 0;
  // the part of each plane that stays
  const rows = height + min(top, 0) + min(bottom, 0);
  const columns = width + min(left, 0) + min(right, 0);
  let from = a + pitch * (max(-top, 0) as usize) + ((max(-left, 0) as usize) << 2);
  const to = outPitch * (max(top, 0) as usize) + ((max(left, 0) as usize) << 2);
  for (let p: u32 = 0; p < planes; p++) {
    if (isPadded) memory.fill(out, 0, outSize);
    copyBlocks(from, pitch, out + to, outPitch, (columns as usize) << 2, rows);
    from += pitch * (height as usize);
    out += outSize;
  }
}
