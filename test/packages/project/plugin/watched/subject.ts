export const subject = "one";
