namespace Curriculum.Evaluation.Audits;

/// <summary>ROUGE-L: the F1 of the longest common subsequence (Lin 2004, with beta 1).</summary>
/// <remarks>
/// Over words where both texts have white space, else over characters: a family written in single characters has no words.
/// Words are separated by white space and compared as they are, without stemming or case folding.
/// </remarks>
public static class RougeL
{
    /// <summary>2PR/(P+R) with P and R the subsequence's length over the lengths of candidate and reference; 1 for two empty texts, 0 for one.</summary>
    public static double F1(string candidate, string reference) => F1(Units(candidate, reference), Units(reference, candidate));

    internal static double F1(IReadOnlyList<string> candidate, IReadOnlyList<string> reference) => (candidate.Count, reference.Count) switch
    {
        (0, 0) => 1,
        (0, _) or (_, 0) => 0,
        // 2PR/(P+R) with P = L/c and R = L/r is 2L/(c+r).
        _ => 2.0 * LongestCommonSubsequence(candidate, reference) / (candidate.Count + reference.Count),
    };

    private static string[] Units(string text, string other) => HasSpace(text) && HasSpace(other)
        ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        : [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    private static bool HasSpace(string text) => text.AsSpan().Trim().IndexOfAny(' ', '\n', '\t') >= 0;

    private static int LongestCommonSubsequence(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var row = new int[b.Count + 1];
        foreach (var unit in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Count; j++)
            {
                var above = row[j];
                row[j] = unit == b[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
