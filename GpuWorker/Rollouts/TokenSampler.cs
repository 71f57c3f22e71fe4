using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Rollouts;

/// <summary>Samples a token for each row of logits, on any device.</summary>
/// <remarks>
/// A small vocabulary's logits are copied to the CPU. A large one's stay on the device: probabilities are summed in blocks there, and the block and then the token in it
/// are chosen on the CPU, so that only about 800 numbers of a row of 150,000 logits are copied. The result is that of <see cref="CpuTokenSampler"/>, but for rounding.
/// B rows, V vocabulary, N blocks, K tokens of a block.
/// </remarks>
internal static class TokenSampler
{
    /// <summary>The largest vocabulary whose logits are copied.</summary>
    internal const int Copied = 4096;

    private const int Block = 512;

    /// <summary>Peak bytes of sampling for each logit, the logit itself included.</summary>
    /// <remarks>Of a large vocabulary: the distance from the row's largest, its exponential, and that as a double, which libtorch makes to sum in; of a small one the copies.</remarks>
    /// <param name="vocabulary">The row's length.</param>
    /// <param name="logit">Bytes of a logit as the policy computes it.</param>
    public static long BytesPerLogit(int vocabulary, int logit) => (logit < 4 ? logit + 4 : logit) + (vocabulary > Copied ? 4 + 4 + 8 : 8);

    /// <param name="logitsBV">Of any float type, on any device.</param>
    /// <param name="temperature">Above 0; divides the logits.</param>
    /// <param name="uniforms">For each row the draw, in [0, 1); null for the likeliest token.</param>
    public static SampledToken[] Choose(Tensor logitsBV, double temperature, double?[] uniforms)
    {
        using var scope = NewDisposeScope();
        var vocabulary = (int)logitsBV.shape[1];
        if (vocabulary > Copied)
            return ByBlocks(logitsBV.to(ScalarType.Float32), temperature, uniforms);

        var logits = ToArray<float>(logitsBV.to(ScalarType.Float32));
        return [.. uniforms.Select((uniform, row) => CpuTokenSampler.Choose(logits.AsSpan(row * vocabulary, vocabulary), temperature, uniform))];
    }

    private static SampledToken[] ByBlocks(Tensor logitsBV, double temperature, double?[] uniforms)
    {
        var (rows, vocabulary) = (logitsBV.shape[0], logitsBV.shape[1]);
        var blocks = (int)((vocabulary + Block - 1) / Block);
        var (topB, bestB) = logitsBV.max(-1);
        Tensor awayBNK;
        using (var apart = NewDisposeScope())
            awayBNK = nn.functional.pad(logitsBV - topB.unsqueeze(-1), [0, blocks * Block - vocabulary], value: double.NegativeInfinity).view(rows, blocks, Block).MoveToOuterDisposeScope();
        var sums = Sums(awayBNK, temperature);
        var best = ToArray<long>(bestB);

        var places = uniforms.Select((uniform, row) => Place(sums.AsSpan(row * blocks, blocks), uniform)).ToArray();
        var chosen = tensor(places.Select((place, row) => (long)row * blocks + place.Block).ToArray(), device: logitsBV.device);
        var within = ToArray<float>(awayBNK.view(-1, Block).index_select(0, chosen));

        var drawn = new SampledToken[rows];
        for (var row = 0; row < rows; row++)
        {
            var logTotal = Math.Log(Sum(sums.AsSpan(row * blocks, blocks)));
            if (uniforms[row] is null)
            {
                drawn[row] = new((int)best[row], (float)-logTotal);
                continue;
            }

            var away = within.AsSpan(row * Block, Block);
            var token = Within(away, temperature, places[row].Left);
            drawn[row] = new(places[row].Block * Block + token, (float)(away[token] / temperature - logTotal));
        }

        return drawn;
    }

    // Each row's sums by blocks, [B x N].
    private static double[] Sums(Tensor awayBNK, double temperature)
    {
        using var scope = NewDisposeScope();
        var weightsBNK = temperature == 1 ? awayBNK.exp() : (awayBNK / temperature).exp_();
        return ToArray<double>(weightsBNK.sum(-1, type: ScalarType.Float64));
    }

    // The block in which the cumulative sum passes the draw's share of the whole, and what of the share is left for it.
    private static (int Block, double Left) Place(ReadOnlySpan<double> sums, double? uniform)
    {
        var target = (uniform ?? 0) * Sum(sums);
        var (block, before, cumulative) = (0, 0.0, 0.0);
        for (var i = 0; i < sums.Length && cumulative <= target; i++)
        {
            if (sums[i] > 0)
                (block, before) = (i, cumulative);
            cumulative += sums[i];
        }

        return (block, target - before);
    }

    // The last token that can be drawn takes what rounding leaves over.
    private static int Within(ReadOnlySpan<float> away, double temperature, double left)
    {
        var (token, cumulative) = (0, 0.0);
        for (var i = 0; i < away.Length && cumulative <= left; i++)
        {
            var weight = Math.Exp(away[i] / temperature);
            if (weight > 0)
                token = i;
            cumulative += weight;
        }

        return token;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    private static T[] ToArray<T>(Tensor values)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return values.cpu().data<T>().ToArray();
    }
}
