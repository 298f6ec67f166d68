// How many of the least steady pictures are shown: known to the choice of images and to the page's script.
export const GALLERY = 12;
