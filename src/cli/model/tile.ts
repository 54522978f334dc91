/** The extent of tiles of the command, where no page has to be drawn meanwhile: larger ones read fewer pixels twice. */
export const TILE = 1024;
