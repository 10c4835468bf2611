import { type Listen, listen } from "./listen.ts";
import { Network } from "./network.ts";

/**
 * A network that others reach too, such as a browser: each of its servers also listens on a free port, by which it is
 * known. What this process calls goes without sockets.
 */
export class ReachableNetwork extends Network {
  override listenAs(): Listen {
    return async (listener, port) => {
      const service = await listen(listener, port);
      const { host } = new URL(service.url);
      this.listen(host, listener);
      return {
        ...service,
        stop: async () => {
          this.close(host);
          await service.stop();
        },
      };
    };
  }
}
