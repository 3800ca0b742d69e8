// Tabs of one browser at the same sitting: each is told of the others, and an answer saved in one is shown in all.

export class Tabs {
  /** other(): another tab is there; saved(item, answer, seq): it has saved an answer. */
  constructor(attempt, { other, saved }) {
    if (!("BroadcastChannel" in window)) return;
    this.channel = new BroadcastChannel(`sitting-${attempt}`);
    this.channel.addEventListener("message", ({ data }) => {
      if (data.hello) this.channel.postMessage({ here: true });
      if (data.hello || data.here) other();
      if (data.item) saved(data.item, data.answer, data.seq);
    });
    this.channel.postMessage({ hello: true });
  }

  tell(item, answer, seq) { this.channel?.postMessage({ item, answer, seq }); }
}
