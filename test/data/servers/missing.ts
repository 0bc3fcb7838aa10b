/** Says once what is not installed, and that its tests are skipped; where CI=true nothing may be. */
export function isMissing(name: string, debianPackage: string, programs: readonly (string | undefined)[]): boolean {
  if (programs.every((program) => program !== undefined)) return false;
  const reason = `${name} is not installed (apt-get install ${debianPackage})`;
  if (process.env["CI"] === "true") throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}
