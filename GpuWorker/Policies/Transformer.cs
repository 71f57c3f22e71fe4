using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GpuWorker.Policies;

/// <summary>The decoder-only transformer of the LLaMA, Qwen2 and Qwen3 families, and of the small policy: RMSNorm, rotary positions, grouped attention, SwiGLU.</summary>
/// <remarks>Shapes: B batch, T tokens, C hidden, H query heads, K key-value heads, D head size, F feed-forward, V vocabulary.</remarks>
internal static class Transformer
{
    /// <summary>The logit of a token that is never sampled: its probability is 0 at every temperature. Not minus infinity, which times 0 is NaN.</summary>
    public const float SuppressedLogit = -1e18f;

    /// <summary>Hidden states after the final norm, [B, T, C], the norm's weight left to the output matrix.</summary>
    /// <param name="fused">The policy.</param>
    /// <param name="tokensBT">Token ids, int64; padding, if any, on the right, where no earlier token sees it.</param>
    /// <param name="rotaryTable">At least T rows of <see cref="RotaryEmbedding.Table"/>.</param>
    /// <param name="cache">Where keys and values go as they are computed; null in training.</param>
    /// <param name="layout">Positions and mask of packed rows; null for plain rows, each token after the other and seeing all before it.</param>
    public static Tensor HiddenStates(
        FusedWeights fused, Tensor tokensBT, Tensor rotaryTable, KeyValueCache? cache = null, AttentionLayout? layout = null)
    {
        Expect(tokensBT.dim() == 2, "tokens of shape [B, T]", tokensBT);
        var config = fused.Config;
        var rotary = RotaryRows(config, tokensBT, rotaryTable, layout);
        var x = Embed(fused, tokensBT);
        for (var layer = 0; layer < fused.Layers.Count; layer++)
        {
            // What a layer makes goes with it, but for what a gradient needs.
            using var scope = NewDisposeScope();
            x = Layer(fused.Layers[layer], config, x, rotary, layout, (k, v) => cache?.Store(layer, k, v, 0)).MoveToOuterDisposeScope();
        }

        return Final(fused, x);
    }

    /// <summary>The tokens' embeddings, [B, T, C].</summary>
    public static Tensor Embed(FusedWeights fused, Tensor tokensBT) =>
        fused.Embedding.index_select(0, tokensBT.reshape(-1)).view(tokensBT.shape[0], tokensBT.shape[1], fused.Config.HiddenSize);

    /// <summary>The rows of the rotary table at each token's position, [B or 1, T, 1, D/2].</summary>
    public static Tensor RotaryRows(PolicyConfig config, Tensor tokensBT, Tensor rotaryTable, AttentionLayout? layout)
    {
        var (b, t, pairs) = (tokensBT.shape[0], tokensBT.shape[1], config.HeadSize / 2);
        return layout is null
            ? rotaryTable.narrow(0, 0, t).view(1, t, 1, pairs)
            : rotaryTable.index_select(0, layout.PositionsBT.view(-1)).view(b, t, 1, pairs);
    }

    /// <summary>One layer over states [B, T, C]; its keys and values [B, K, T, D] are handed to <paramref name="store"/>.</summary>
    public static Tensor Layer(
        FusedLayer parts, PolicyConfig config, Tensor x, Tensor rotary, AttentionLayout? layout, Action<Tensor, Tensor>? store = null)
    {
        var (b, t) = (x.shape[0], x.shape[1]);
        var (heads, keyValueHeads, size) = (config.NumAttentionHeads, config.KeyValueHeads, config.HeadSize);
        var qkv = parts.QueriesKeysValues.Forward(Normalize(x, config, parts.Vectors.AttentionNorm)).view(b, t, heads + 2 * keyValueHeads, size);
        var qk = Rotate(NormalizeHeads(qkv.narrow(2, 0, heads + keyValueHeads), config, parts.Vectors), rotary);
        var q = qk.narrow(2, 0, heads).transpose(1, 2);
        var k = qk.narrow(2, heads, keyValueHeads).transpose(1, 2);
        var v = qkv.narrow(2, heads + keyValueHeads, keyValueHeads).transpose(1, 2);
        store?.Invoke(k, v);
        var attended = scaled_dot_product_attention(
            q, RepeatKeyValues(k, heads), RepeatKeyValues(v, heads), layout?.MaskB1TT, is_casual: layout is null);
        x = x + parts.AttentionOut.Forward(attended.transpose(1, 2).reshape(b, t, heads * size));
        return x + FeedForward(Normalize(x, config, parts.Vectors.FeedForwardNorm), parts);
    }

    /// <summary>The final norm.</summary>
    public static Tensor Final(FusedWeights fused, Tensor x) => Normalize(x, fused.Config, fused.FinalNorm);

    /// <summary>Logits of hidden states of any leading shape, [..., V]; of suppressed tokens <see cref="SuppressedLogit"/>.</summary>
    public static Tensor Logits(FusedWeights fused, Tensor hiddenC)
    {
        var logitsV = linear(hiddenC, fused.Output);
        if (fused.SuppressedTokensS is { } suppressedTokensS)
        {
            // The gradient of what is never drawn is 0 without being told so: no probability, and no token that is scored.
            using var none = no_grad();
            logitsV.index_fill_(-1, suppressedTokensS, SuppressedLogit);
        }

        return logitsV;
    }

    /// <summary>Log-probabilities [..., V] of the policy that draws at a temperature: softmax(logits / temperature). Never of lower precision than float32.</summary>
    public static Tensor LogProbs(FusedWeights fused, Tensor hiddenC, double temperature = 1)
    {
        var logitsV = Logits(fused, hiddenC);
        if (IsLowPrecision(logitsV))
            logitsV = logitsV.to(ScalarType.Float32);
        return (temperature == 1 ? logitsV : logitsV.div_(temperature)).log_softmax(-1);
    }

    // Low-precision numbers are squared and rotated in float32, as the models were trained.
    private static Tensor Normalize(Tensor xC, PolicyConfig config, Tensor? weight)
    {
        var wide = IsLowPrecision(xC) ? xC.to(ScalarType.Float32) : xC;
        var normal = wide * (wide.square().mean([-1], keepdim: true) + config.RmsNormEps).rsqrt();
        if (IsLowPrecision(xC))
            normal = normal.to(xC.dtype);
        return weight is null ? normal : normal * weight;
    }

    // Qwen3: each query head by one norm, each key head by another.
    private static Tensor NormalizeHeads(Tensor queriesKeysD, PolicyConfig config, LayerVectors vectors)
    {
        if (vectors is not { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm })
            return queriesKeysD;
        var (heads, keyValueHeads) = (config.NumAttentionHeads, config.KeyValueHeads);
        return cat(
            [Normalize(queriesKeysD.narrow(-2, 0, heads), config, queryNorm), Normalize(queriesKeysD.narrow(-2, heads, keyValueHeads), config, keyNorm)],
            -2);
    }

    private static Tensor FeedForward(Tensor normalC, FusedLayer parts)
    {
        var both = parts.GateUp.Forward(normalC);
        var f = both.shape[^1] / 2;
        return parts.Down.Forward(silu(both.narrow(-1, 0, f)) * both.narrow(-1, f, f));
    }

    // Each pair of the last dimension, side by side, is one complex number.
    private static Tensor Rotate(Tensor headsD, Tensor rotary)
    {
        var shape = headsD.shape;
        var wide = IsLowPrecision(headsD) ? headsD.to(ScalarType.Float32) : headsD;
        var pairs = view_as_complex(wide.reshape([.. shape[..^1], shape[^1] / 2, 2]));
        var rotated = view_as_real(pairs * rotary).reshape(shape);
        return IsLowPrecision(headsD) ? rotated.to(headsD.dtype) : rotated;
    }

    private static bool IsLowPrecision(Tensor x) => x.dtype is ScalarType.BFloat16 or ScalarType.Float16;

    // Keys or values once for each query head they serve.
    private static Tensor RepeatKeyValues(Tensor keysBKTD, int heads)
    {
        var shape = keysBKTD.shape;
        return shape[1] == heads
            ? keysBKTD
            : keysBKTD.unsqueeze(2).expand(shape[0], shape[1], heads / shape[1], shape[2], shape[3]).reshape(shape[0], heads, shape[2], shape[3]);
    }

    private static void Expect(bool holds, string what, Tensor found)
    {
        if (!holds)
            throw new ArgumentException($"Expected {what}, found shape [{string.Join(", ", found.shape)}].");
    }
}

