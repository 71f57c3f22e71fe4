"""What `ModelScale generate` and `update` measure, by PyTorch and transformers on the same device: python3 peer.py [cpu|cuda] [float32|bfloat16].

Qwen2.5-0.5B's shape, random weights, no compiled graphs; needs the packages torch and transformers, which nothing else here does.
"""
import sys
import time

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM
from transformers.cache_utils import DynamicCache

device = sys.argv[1] if len(sys.argv) > 1 else "cpu"
dtype = torch.bfloat16 if "bfloat16" in sys.argv else torch.float32
torch.manual_seed(1)
config = Qwen2Config(
    hidden_size=896, num_hidden_layers=24, num_attention_heads=14, num_key_value_heads=2, intermediate_size=4864,
    vocab_size=151_936, tie_word_embeddings=True, rope_theta=1e6, rms_norm_eps=1e-6)
model = Qwen2ForCausalLM(config).to(device=device, dtype=dtype)
print(f"torch {torch.__version__}, {device}, {dtype}, {sum(p.numel() for p in model.parameters()):,} parameters")


def seconds(run, times):
    run()
    best = float("inf")
    for _ in range(times):
        wait()
        started = time.perf_counter()
        run()
        wait()
        best = min(best, time.perf_counter() - started)
    return best


def wait():
    if device != "cpu":
        torch.cuda.synchronize()


def tokens(rows, length):
    return torch.randint(0, config.vocab_size, (rows, length), device=device)


with torch.inference_mode():
    for rows, length in [(1, 128), (1, 512), (8, 128)]:
        batch = tokens(rows, length)
        took = seconds(lambda: model(batch, use_cache=True, logits_to_keep=1), 3)
        print(f"prefill {rows} x {length}: {rows * length / took:.0f} tokens/s")

    for rows in [1, 4, 16, 64]:
        cache = DynamicCache(config=config)
        model(tokens(rows, 128), past_key_values=cache, use_cache=True, logits_to_keep=1)
        following = tokens(rows, 1)
        took = seconds(lambda: model(following, past_key_values=cache, use_cache=True), 5)
        print(f"decode {rows} row(s) at 128 tokens: {rows / took:.1f} tokens/s")

    for rows in [64, 256, 1024] if device != "cpu" else [16]:
        batch = tokens(rows // 8, 128).repeat_interleave(8, 0)
        run = lambda: model.generate(batch, attention_mask=torch.ones_like(batch), do_sample=True, top_k=0, min_new_tokens=64, max_new_tokens=64, pad_token_id=0)
        took = seconds(run, 1)
        print(f"rollouts, {rows} rows of 128 tokens and 64 sampled: {rows * 64 / took:.0f} tokens/s")

optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
for rows, micro in [(32, 8), (128, 32)] if device != "cpu" else [(8, 8)]:
    batch = tokens(rows, 257)

    def update():
        for part in batch.split(micro):
            loss = model(part, labels=part).loss
            loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    took = seconds(update, 1)
    print(f"update of {rows} rows of 257 tokens in micro-batches of {micro * 257}: {rows * 257 / took:.0f} tokens/s")
