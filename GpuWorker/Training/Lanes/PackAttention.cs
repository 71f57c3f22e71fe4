using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Training.Lanes;

/// <summary>Attention within one pack, forward and back: the prefix causally, each branch over the whole prefix and causally over itself.</summary>
/// <remarks>
/// A token's queries, keys and values lie side by side in one row. Probabilities are kept for the way back; scores of 16 tokens reach no further than the last of
/// them sees. Where they reach further than a token sees, its probability is 0.
/// </remarks>
internal sealed unsafe class PackAttention(PolicyConfig config) : IDisposable
{
    private const int Lanes = Product.Lanes;

    private readonly int _size = config.HeadSize;
    private readonly int _shared = config.NumAttentionHeads / config.KeyValueHeads;

    // One number for each feature and column of keys or values, and the gradients of one head's scores.
    private readonly Scratch _turned = new();
    private readonly Scratch _slopes = new();

    /// <summary>Numbers between the rows of queries, keys and values.</summary>
    private int Row => (config.NumAttentionHeads + 2 * config.KeyValueHeads) * _size;

    private int Out => config.NumAttentionHeads * _size;

    /// <summary>What each token attended to.</summary>
    /// <param name="place">The pack.</param>
    /// <param name="qkv">The pack's first row; queries are scaled.</param>
    /// <param name="probabilities"><see cref="PackPlace.Scores"/> numbers for each head, written here.</param>
    /// <param name="attended">The pack's first row of what is attended, written here.</param>
    public void Forward(PackPlace place, float* qkv, float* probabilities, float* attended)
    {
        for (var head = 0; head < config.NumAttentionHeads; head++, probabilities += place.Scores)
        {
            var query = qkv + head * _size;
            var keys = Keys(qkv, head);
            var values = Values(qkv, head);
            var turned = Turn(place, keys);
            Scores(place, query, Row, turned, probabilities);
            Softmax(place, probabilities);
            foreach (var block in Blocks(place))
            {
                var to = attended + block.From * Out + head * _size;
                Product.Of(Read(probabilities, block, 0), new(values, Row), to, Out, block.Rows, _size, block.Prefix, add: false);
                if (block.Own > 0)
                    Product.Of(Read(probabilities, block, block.PaddedPrefix), new(values + block.Branch * Row, Row), to, Out, block.Rows, _size, block.Own, add: true);
            }
        }
    }

    /// <summary>Adds the gradients of queries, keys and values.</summary>
    /// <param name="place">The pack.</param>
    /// <param name="qkv">As in <see cref="Forward"/>.</param>
    /// <param name="probabilities">As <see cref="Forward"/> left them.</param>
    /// <param name="attended">As <see cref="Forward"/> left it.</param>
    /// <param name="gradient">That of what was attended.</param>
    /// <param name="to">Those of queries, keys and values, to which is added.</param>
    public void Back(PackPlace place, float* qkv, float* probabilities, float* attended, float* gradient, float* to)
    {
        var slopes = _slopes.Of(place.Scores);
        for (var head = 0; head < config.NumAttentionHeads; head++, probabilities += place.Scores)
        {
            var query = qkv + head * _size;
            var keys = Keys(qkv, head);
            var values = Values(qkv, head);
            var queryTo = to + head * _size;
            var keysTo = Keys(to, head);
            var valuesTo = Values(to, head);
            var back = gradient + head * _size;
            var seen = attended + head * _size;
            var turned = Turn(place, values);
            Scores(place, back, Out, turned, slopes);
            foreach (var block in Blocks(place))
            {
                SoftmaxBack(block, probabilities, slopes, back + block.From * Out, seen + block.From * Out);
                Gather(block.Rows, block.From, 0, 0, block.Prefix, block);
                if (block.Own > 0)
                    Gather(block.Rows, block.From, block.PaddedPrefix, block.Branch, block.Own, block);
            }

            // Of the queries over the keys from one on, and of those keys and values over the queries.
            void Gather(int rows, int from, int column, int key, int count, Block block)
            {
                var (slope, probability) = (Read(slopes, block, column), Read(probabilities, block, column));
                Product.Of(slope, new(keys + key * Row, Row), queryTo + from * Row, Row, rows, _size, count, add: true);
                Product.Of(new(slope.Start, 1, slope.Row), new(query + from * Row, Row), keysTo + key * Row, Row, count, _size, rows, add: true);
                Product.Of(new(probability.Start, 1, probability.Row), new(back + from * Out, Out), valuesTo + key * Row, Row, count, _size, rows, add: true);
            }
        }
    }

    public void Dispose()
    {
        _turned.Dispose();
        _slopes.Dispose();
    }

    private float* Keys(float* qkv, int head) => qkv + (config.NumAttentionHeads + head / _shared) * _size;

    private float* Values(float* qkv, int head) => qkv + (config.NumAttentionHeads + config.KeyValueHeads + head / _shared) * _size;

    private static Left Read(float* scores, Block block, int column) => new(scores + block.At + column, block.Columns, 1);

    /// <summary>Keys, or values, with a feature in each row and a token in each column.</summary>
    private float* Turn(PackPlace place, float* from)
    {
        var turned = _turned.Of(_size * place.Keys);
        var column = 0;
        TurnSpan(0, place.Prefix);
        foreach (var branch in place.Branches)
            TurnSpan(branch.From, branch.Length);
        return turned;

        void TurnSpan(int token, int count)
        {
            for (var i = 0; i < count; i += Lanes, column += Lanes)
            {
                // What lies beyond the span is another's, and no token of it sees that.
                for (var feature = 0; feature < _size; feature += Lanes)
                    LaneMath.Transpose(from + (token + i) * Row + feature, Row, turned + feature * place.Keys + column, place.Keys);
            }
        }
    }

    /// <summary>The product of every token's features with those of the tokens that its block reaches.</summary>
    private void Scores(PackPlace place, float* rows, int row, float* turned, float* scores)
    {
        foreach (var block in Blocks(place))
        {
            Left left = new(rows + block.From * row, row, 1);
            Product.Of(left, new(turned, place.Keys), scores + block.At, block.Columns, block.Rows, block.Prefix, _size, add: false);
            if (block.Own > 0)
                Product.Of(left, new(turned + block.Turned, place.Keys), scores + block.At + block.PaddedPrefix, block.Columns, block.Rows, block.Own, _size, add: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(PackPlace place, float* scores)
    {
        foreach (var block in Blocks(place))
        {
            for (var i = 0; i < block.Rows; i++)
            {
                var row = scores + block.At + i * block.Columns;
                var (prefix, own) = block.SeenBy(i);
                var top = Vector512.Create(float.NegativeInfinity);
                Mask(row, prefix, block.Prefix, ref top);
                Mask(row + block.PaddedPrefix, own, block.Own, ref top);
                var highest = Vector512.Create(Highest(top));
                var sum = Exponentials(row, block.Prefix, highest) + Exponentials(row + block.PaddedPrefix, block.Own, highest);
                var factor = Vector512.Create(1 / Vector512.Sum(sum));
                Scale(row, block.Prefix, factor);
                Scale(row + block.PaddedPrefix, block.Own, factor);
            }
        }
    }

    // The gradient of a score: its probability times how far its own gradient lies above the mean.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SoftmaxBack(Block block, float* probabilities, float* slopes, float* gradient, float* attended)
    {
        for (var i = 0; i < block.Rows; i++, gradient += Out, attended += Out)
        {
            var products = Vector512<float>.Zero;
            for (var feature = 0; feature < _size; feature += Lanes)
                products = Avx512F.FusedMultiplyAdd(Vector512.Load(gradient + feature), Vector512.Load(attended + feature), products);
            var mean = Vector512.Create(Vector512.Sum(products));
            var at = block.At + i * block.Columns;
            Slopes(at, block.Prefix);
            Slopes(at + block.PaddedPrefix, block.Own);

            void Slopes(int from, int count)
            {
                for (var j = from; j < from + count; j += Lanes)
                    (Vector512.Load(probabilities + j) * (Vector512.Load(slopes + j) - mean)).Store(slopes + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mask(float* row, int seen, int count, ref Vector512<float> top)
    {
        for (var j = 0; j < count; j += Lanes)
        {
            var score = Vector512.Load(row + j);
            if (j + Lanes > seen)
            {
                var visible = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(seen - j)).AsSingle();
                score = Vector512.ConditionalSelect(visible, score, Vector512.Create(float.NegativeInfinity));
                score.Store(row + j);
            }

            top = Avx512F.Max(top, score);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Exponentials(float* row, int count, Vector512<float> highest)
    {
        var sum = Vector512<float>.Zero;
        for (var j = 0; j < count; j += Lanes)
        {
            var weight = LaneMath.Exp(Vector512.Load(row + j) - highest);
            weight.Store(row + j);
            sum += weight;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(float* row, int count, Vector512<float> factor)
    {
        for (var j = 0; j < count; j += Lanes)
            (Vector512.Load(row + j) * factor).Store(row + j);
    }

    private static float Highest(Vector512<float> scores)
    {
        var half = Vector256.Max(scores.GetLower(), scores.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return MathF.Max(MathF.Max(quarter[0], quarter[1]), MathF.Max(quarter[2], quarter[3]));
    }

    /// <summary>The tokens of a pack, at most 16 at a time, in an order in which the scores lie.</summary>
    private static IEnumerable<Block> Blocks(PackPlace place)
    {
        for (var i = 0; i < place.Prefix; i += Lanes)
        {
            var rows = Math.Min(Lanes, place.Prefix - i);
            yield return new(i, rows, i * place.PaddedPrefix, place.PaddedPrefix, i + rows, 0, place.PaddedPrefix, 0, 0, IsPrefix: true);
        }

        var (at, turned) = (place.Prefix * place.PaddedPrefix, place.PaddedPrefix);
        foreach (var branch in place.Branches)
        {
            for (var i = 0; i < branch.Length; i += Lanes)
            {
                var rows = Math.Min(Lanes, branch.Length - i);
                yield return new(branch.From + i, rows, at, place.Columns, place.Prefix, i + rows, place.PaddedPrefix, branch.From, turned, IsPrefix: false);
                at += rows * place.Columns;
            }

            turned += branch.Padded;
        }
    }

    /// <summary>Some tokens one after another, and what the last of them sees.</summary>
    /// <param name="From">The first, from the pack's beginning on.</param>
    /// <param name="Rows">How many.</param>
    /// <param name="At">Where the scores of the first lie.</param>
    /// <param name="Columns">Distance of the rows of scores.</param>
    /// <param name="Prefix">Tokens of the prefix that are seen.</param>
    /// <param name="Own">Tokens of the branch that are seen.</param>
    /// <param name="PaddedPrefix">Where in a row the scores over the branch begin.</param>
    /// <param name="Branch">The branch's first token.</param>
    /// <param name="Turned">The branch's first column of the turned keys.</param>
    /// <param name="IsPrefix">Whether they are the prefix's.</param>
    private readonly record struct Block(int From, int Rows, int At, int Columns, int Prefix, int Own, int PaddedPrefix, int Branch, int Turned, bool IsPrefix)
    {
        /// <summary>What one of them sees of the prefix and of the branch.</summary>
        public (int Prefix, int Own) SeenBy(int row) => IsPrefix ? (Prefix - Rows + row + 1, 0) : (Prefix, Own - Rows + row + 1);
    }
}
