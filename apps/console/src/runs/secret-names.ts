const SECRET =
  /pass(word|wd|phrase)?|pwd|secret|token|api_?key|_key$|^key$|key_?id|credential|private|auth|dsn|cookie|session|cert/i;
const LOGIN_IN_ADDRESS = /^[a-z][\w+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** Whether the value of a variable should not be shown: its name says so, or it is an address with a password in it. */
export function looksSecret(name: string, value: string): boolean {
  return SECRET.test(name) || LOGIN_IN_ADDRESS.test(value);
}
