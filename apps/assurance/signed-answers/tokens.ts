/** Injection token of the process's `AnswerSigner`. */
export const ANSWER_SIGNER = Symbol('AnswerSigner');
