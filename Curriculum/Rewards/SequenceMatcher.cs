using System.Text;

namespace Curriculum.Rewards;

/// <summary>Ratcliff-Obershelp similarity of two texts, equal to CPython's <c>difflib.SequenceMatcher(None, a, b)</c> over Unicode runes.</summary>
/// <remarks>
/// The longest common block is found first (the leftmost in a, then in b, on a tie), then the same to its left and to its right; M sums the blocks.
/// With <c>autojunk</c> a rune that makes up more than 1 % + 1 of a second text of 200 runes or more starts no block, though a block may
/// grow over it; the result then depends on the order of the arguments. A <c>cap</c> bounds the work: runes of either text past it match
/// nothing but still count in the length. Where one text is longer than the cap and the other is not, the longer one can only lose by it; where both are,
/// a part of one scores above the whole. One search costs at most cap x cap steps.
/// </remarks>
public sealed class SequenceMatcher
{
    private readonly int[] _a;
    private readonly int[] _b;

    // Positions in b of rune number r, descending: _positions[_starts[r].._starts[r + 1]].
    private readonly int[] _starts;
    private readonly int[] _positions;

    // Length of the block that ends at j in the row that _stamps[j] names.
    private readonly int[] _lengths;
    private readonly long[] _stamps;
    private long _row;

    private SequenceMatcher(string a, string b, bool autojunk, int cap)
    {
        var numbers = new Dictionary<int, int>();
        _b = Numbers(b, cap, rune => numbers.TryGetValue(rune, out var number) ? number : numbers[rune] = numbers.Count);
        _a = Numbers(a, cap, rune => numbers.GetValueOrDefault(rune, -1));

        var counts = new int[numbers.Count];
        foreach (var number in _b)
            counts[number]++;
        var limit = autojunk && _b.Length >= 200 ? (_b.Length / 100) + 1 : int.MaxValue;
        _starts = new int[numbers.Count + 1];
        for (var number = 0; number < counts.Length; number++)
            _starts[number + 1] = _starts[number] + (counts[number] > limit ? 0 : counts[number]);
        _positions = new int[_starts[^1]];
        var next = _starts[..^1];
        for (var j = _b.Length - 1; j >= 0; j--)
        {
            if (counts[_b[j]] <= limit)
                _positions[next[_b[j]]++] = j;
        }

        _lengths = new int[_b.Length];
        _stamps = new long[_b.Length];
    }

    /// <summary>2M/T, from 0 to 1; 1 for two empty texts.</summary>
    /// <param name="a">The text judged.</param>
    /// <param name="b">The text that it is compared with.</param>
    /// <param name="autojunk">difflib's popular-element heuristic. difflib's own default is on; here it is off.</param>
    /// <param name="cap">Runes of each text that can match; default all.</param>
    public static double Ratio(string a, string b, bool autojunk = false, int cap = int.MaxValue)
    {
        var total = StepSimilarityReward.Length(a) + StepSimilarityReward.Length(b);
        if (total == 0)
            return 1;
        var matched = 0L;
        new SequenceMatcher(a, b, autojunk, cap).Walk((_, _, size) => matched += size);
        return 2.0 * matched / total;
    }

    /// <summary>The maximal matching blocks in order, adjacent ones joined, ending in the empty block (len a, len b, 0), as difflib gives them.</summary>
    public static IReadOnlyList<MatchingBlock> MatchingBlocks(string a, string b, bool autojunk = false, int cap = int.MaxValue)
    {
        var matcher = new SequenceMatcher(a, b, autojunk, cap);
        var found = new List<MatchingBlock>();
        matcher.Walk((i, j, size) => found.Add(new(i, j, size)));
        found.Sort((x, y) => x.A.CompareTo(y.A));
        var blocks = new List<MatchingBlock>();
        foreach (var block in found)
        {
            if (blocks.Count > 0 && blocks[^1] is var last && last.A + last.Size == block.A && last.B + last.Size == block.B)
                blocks[^1] = last with { Size = last.Size + block.Size };
            else
                blocks.Add(block);
        }

        blocks.Add(new(matcher._a.Length, matcher._b.Length, 0));
        return blocks;
    }

    private void Walk(Action<int, int, int> visit)
    {
        // No part has a longer block than the whole had: a search may end with the first that is as long, or repetitive texts would take cubic time.
        var pending = new Stack<(int ALow, int AHigh, int BLow, int BHigh, int Most)>();
        pending.Push((0, _a.Length, 0, _b.Length, int.MaxValue));
        while (pending.TryPop(out var span))
        {
            var (aLow, aHigh, bLow, bHigh, most) = span;
            var (i, j, size, indexed) = Longest(aLow, aHigh, bLow, bHigh, most);
            if (size == 0)
                continue;
            visit(i, j, size);
            if (aLow < i && bLow < j)
                pending.Push((aLow, i, bLow, j, indexed));
            if (i + size < aHigh && j + size < bHigh)
                pending.Push((i + size, aHigh, j + size, bHigh, indexed));
        }
    }

    /// <summary>The block, and how long it was before it grew over popular runes.</summary>
    private (int A, int B, int Size, int Indexed) Longest(int aLow, int aHigh, int bLow, int bHigh, int most)
    {
        int bestI = aLow, bestJ = bLow, bestSize = 0;
        _row++; // No row of an earlier search is the row before this search's first.
        for (var i = aLow; i < aHigh && bestSize < most; i++)
        {
            _row++;
            if (_a[i] < 0)
                continue;

            // Descending, so that the entry at j - 1 is still the row before's; hence >= within a row: the leftmost j wins a tie.
            var rowBest = bestSize + 1;
            for (var p = _starts[_a[i]]; p < _starts[_a[i] + 1]; p++)
            {
                var j = _positions[p];
                if (j >= bHigh)
                    continue;
                if (j < bLow)
                    break;
                var size = j > bLow && _stamps[j - 1] == _row - 1 ? _lengths[j - 1] + 1 : 1;
                _lengths[j] = size;
                _stamps[j] = _row;
                if (size >= rowBest)
                    (rowBest, bestI, bestJ, bestSize) = (size, i - size + 1, j - size + 1, size);
            }
        }

        // Popular runes are not indexed; a block grows over them only here.
        var indexed = bestSize;
        while (bestI > aLow && bestJ > bLow && _a[bestI - 1] == _b[bestJ - 1])
            (bestI, bestJ, bestSize) = (bestI - 1, bestJ - 1, bestSize + 1);
        while (bestI + bestSize < aHigh && bestJ + bestSize < bHigh && _a[bestI + bestSize] == _b[bestJ + bestSize])
            bestSize++;
        return (bestI, bestJ, bestSize, indexed);
    }

    private static int[] Numbers(string text, int cap, Func<int, int> number)
    {
        var numbers = new int[Math.Min(StepSimilarityReward.Length(text), cap)];
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (index == numbers.Length)
                break;
            numbers[index++] = number(rune.Value);
        }

        return numbers;
    }
}
