/**
 * Text that somebody wrote and somebody else can read: names, addresses, reasons. The one judgement of it, for members
 * of request classes (`IsText`, `IsForm`) and for bodies that a JSON schema describes.
 *
 * Not readable: control and format characters (changes of direction and joiners of no width among them), lone
 * surrogates, private use, code points that Unicode has not assigned, line and paragraph separators, and every other
 * character that is drawn as nothing (fillers, variation selectors). Two texts that look alike could differ by them.
 */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Blanks of any width, an empty Braille cell, and marks, which need a letter to stand on. */
const INVISIBLE_ALONE = /[\p{Z}\p{M}\u2800]/gu;

/** Whether every character of the text can be read; an empty text is readable. */
export const isReadable = (text: string): boolean => !UNREADABLE.test(text);

/** Whether a text of 1 to `most` characters (code points) shows something and hides nothing. */
export const isVisibleText = (text: string, most: number): boolean =>
  // A character has two code units at most: of anything longer they need not be counted.
  text.length <= 2 * most && isReadable(text) && text.replace(INVISIBLE_ALONE, '') !== '' && [...text].length <= most;
