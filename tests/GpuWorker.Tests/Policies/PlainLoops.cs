using GpuWorker.Checkpoints;
using GpuWorker.Policies;

namespace GpuWorker.Tests.Policies;

/// <summary>The transformer once more as loops over doubles, from a checkpoint's own tensors: slow, and independent of tensors, fusing and reordering.</summary>
internal static class PlainLoops
{
    public static double[][] Logits(PolicyConfig config, IReadOnlyDictionary<string, StoredTensor> tensors, long[] tokens)
    {
        var (c, d, heads, groups) = (config.HiddenSize, config.HeadSize, config.NumAttentionHeads, config.NumAttentionHeads / config.KeyValueHeads);
        double[] Read(string name) => tensors.TryGetValue(name, out var stored)
            ? [.. Enumerable.Range(0, (int)(stored.Data.Length / 4)).Select(i => (double)BitConverter.ToSingle(stored.Data.ToArray(), 4 * i))]
            : [];
        double[] Product(string name, double[] x)
        {
            var (weight, bias) = (Read($"{name}.weight"), Read($"{name}.bias"));
            return [.. Enumerable.Range(0, weight.Length / x.Length).Select(row =>
                x.Select((value, i) => value * weight[row * x.Length + i]).Sum() + (bias.Length > 0 ? bias[row] : 0))];
        }

        double[] Norm(string name, double[] x)
        {
            var weight = Read($"{name}.weight");
            var root = Math.Sqrt(x.Sum(value => value * value) / x.Length + config.RmsNormEps);
            return [.. x.Select((value, i) => value / root * weight[i])];
        }

        double[] Turned(double[] head, int position)
        {
            var turned = new double[d];
            for (var i = 0; i < d / 2; i++)
            {
                var (sine, cosine) = Math.SinCos(position * RotaryEmbedding.Frequency(config, i));
                turned[i] = config.Rope.Scale * (head[i] * cosine - head[i + d / 2] * sine);
                turned[i + d / 2] = config.Rope.Scale * (head[i + d / 2] * cosine + head[i] * sine);
            }

            return turned;
        }

        double[][] Heads(double[] all, string? norm) => [.. all.Chunk(d).Select(head => norm is null || Read($"{norm}.weight").Length == 0 ? head : Norm(norm, head))];

        var embedding = Read("model.embed_tokens.weight").Chunk(c).ToArray();
        double[][] x = [.. tokens.Select(token => embedding[token])];
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            var name = $"model.layers.{layer}";
            double[][] normed = [.. x.Select(state => Norm($"{name}.input_layernorm", state))];
            var q = normed.Select((state, t) => Heads(Product($"{name}.self_attn.q_proj", state), $"{name}.self_attn.q_norm").Select(head => Turned(head, t)).ToArray()).ToArray();
            var k = normed.Select((state, t) => Heads(Product($"{name}.self_attn.k_proj", state), $"{name}.self_attn.k_norm").Select(head => Turned(head, t)).ToArray()).ToArray();
            var v = normed.Select(state => Heads(Product($"{name}.self_attn.v_proj", state), null)).ToArray();
            for (var t = 0; t < tokens.Length; t++)
            {
                var attended = Enumerable.Range(0, heads).SelectMany(head =>
                {
                    double[] weights = [.. Enumerable.Range(0, t + 1).Select(s => Math.Exp(q[t][head].Zip(k[s][head / groups], (a, b) => a * b).Sum() / Math.Sqrt(d)))];
                    return Enumerable.Range(0, d).Select(i => weights.Select((weight, s) => weight * v[s][head / groups][i]).Sum() / weights.Sum());
                });
                x[t] = [.. x[t].Zip(Product($"{name}.self_attn.o_proj", [.. attended]), (a, b) => a + b)];
                var inner = Norm($"{name}.post_attention_layernorm", x[t]);
                var up = Product($"{name}.mlp.up_proj", inner);
                double[] gated = [.. Product($"{name}.mlp.gate_proj", inner).Select((gate, i) => gate / (1 + Math.Exp(-gate)) * up[i])];
                x[t] = [.. x[t].Zip(Product($"{name}.mlp.down_proj", gated), (a, b) => a + b)];
            }
        }

        var output = config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        return [.. x.Select(state => Product(output, Norm("model.norm", state)))];
    }
}
