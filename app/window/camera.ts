/** What a page was allowed of the camera: nothing, until it asks, and nothing any more once another page was loaded. */
export class Camera {
  readonly #allow: (on: boolean) => Promise<void>;
  readonly #checkOpen: () => Promise<void>;
  #isOn = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param allow the shell's own switch. @param checkOpen throws where nobody has unlocked the station. */
  constructor(allow: (on: boolean) => Promise<void>, checkOpen: () => Promise<void>) {
    this.#allow = allow;
    this.#checkOpen = checkOpen;
  }

  /** One after the other: a page that leaves at once says "off" while its "on" is still being looked at. */
  set(on: boolean): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.#isOn === on) return;
      if (on) await this.#checkOpen();
      this.#isOn = on;
      await this.#allow(on);
    });
    this.#turn = turn.catch(() => undefined); // whoever asked hears of it; the next one starts all the same
    return turn;
  }

  /** Once everything that was asked for holds, or was refused. */
  async settled(): Promise<void> {
    await this.#turn;
  }
}
