export const helpText = `fake-upstream: an OpenAI-compatible server without a model behind it.

It answers chat (streams, tools, JSON schemas, stop, max_tokens, seed, n, logprobs, images), embeddings, images, speech,
videos, Ollama's model list and ComfyUI's protocol. The same request always gets the same answer. Point any client at http://127.0.0.1:8089/v1,
or a client of ComfyUI at http://127.0.0.1:8089.

  fake-upstream                              start on port 8089
  fake-upstream --slots 4 --tokens-per-second 40 --first-token-ms 300
                                             be about as fast as a real box
  fake-upstream --fault status=500:0.05 --fault reset-after=5:0.1 --seed 1
                                             fail one request in twenty, cut one in ten
  fake-upstream --canned 32                  always the same 32 tokens, as fast as possible (for benchmarks)

Options
  -p, --port NUMBER           default 8089; 0 takes a free one
      --host ADDRESS          default 127.0.0.1
      --model NAME[,SETTING]  offer this model (may be repeated; default: one of each kind). Settings:
                              modality=chat|embedding|image|video|speech  capabilities=tools+vision+json_schema+reasoning
                              context=8192  dimensions=768
      --api-key KEY           refuse requests without "Authorization: Bearer KEY"
      --tokens-per-second N   default 0: at once
      --first-token-ms N      default 0
      --slots N               answer 429 to more than N requests at the same time
      --render-ms N           how long a video takes, and anything in ComfyUI, default 0
      --no-ollama             do not answer /api/tags, /api/show, /api/ps, /api/version
      --no-comfyui            do not answer /prompt, /history, /queue, /view, /object_info, /ws and so on
      --canned TOKENS         prepared answers; nothing but "stream" is read from the request
      --fault FAULT[@PATH][:SHARE]
                              do this to that share of the work (0 to 1, default 1), or of all that is asked at the
                              path (status=500@/view:0.5); may be repeated
      --seed N                decides which requests the faults strike, default 1
  -h, --help

Faults
  status=429  status=500      answer that status (any from 300 to 599)
  hang                        accept and never answer           hang-after=N        stop after N events
  reset-after=N               reset the connection after N      truncate-after=N    end after N as if complete
  error-after=N               an error event after N            drip=200ms          wait between events
  slow-start=2s               wait before the first token       bad-json            broken JSON
  html                        a web page instead                huge-line[=BYTES]   one line without an end
  redirect[=URL]              answer 307                        endless-headers     headers without end
  no-done                     leave out [DONE]                  no-finish           leave out finish_reason
  no-usage                    leave out the usage               wrong-length        promise more bytes than come
  half-file                   half of a picture            wrong-file           bytes that are no picture
  drop-socket-after=N  restart-after=N
                              ComfyUI: after N events of a job cut the WebSocket, or forget queue and history;
                              hang-after=N and error-after=N stop a job or fail it there
  rough                       CR LF, comments, bytes cut anywhere (all legal)
  odd                         tool calls without index and id, finish_reason "", reasoning under another name

One request can ask for its own: header "x-fake-fault: reset-after=5, drip=50ms", or the model name "llama3.1:8b!hang".
`;
