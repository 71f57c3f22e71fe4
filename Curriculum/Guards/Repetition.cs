namespace Curriculum.Guards;

/// <summary>Two signs of a text that repeats itself.</summary>
public static class Repetition
{
    /// <summary>Shortest and longest block that is looked for, in characters, and how often in a row it must come (Shao et al. 2025).</summary>
    public const int ShortestBlock = 10;

    public const int LongestBlock = 256;

    public const int Times = 10;

    /// <summary>1 - unique / total over the n-grams; 0 where there are fewer than two.</summary>
    /// <remarks>Grams of words; of characters where the text has no white space inside, for then it is not written in words.</remarks>
    public static double Ngrams(string text, int n = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] units = words.Length > 1 ? words : [.. text.Trim().EnumerateRunes().Select(rune => rune.ToString())];
        var total = units.Length - n + 1;
        if (total < 2)
            return 0;
        var unique = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start < total; start++)
            unique.Add(string.Join(' ', units, start, n));
        return 1 - ((double)unique.Count / total);
    }

    /// <summary>Whether a block of 10 to 256 characters stands at least ten times in a row.</summary>
    public static bool HasBlock(string text)
    {
        // A block of length p stands k times in a row exactly where (k - 1) p characters in a row equal the one p before them.
        for (var period = ShortestBlock; period <= LongestBlock && period * Times <= text.Length; period++)
        {
            var run = 0;
            for (var index = period; index < text.Length; index++)
            {
                run = text[index] == text[index - period] ? run + 1 : 0;
                if (run == (Times - 1) * period)
                    return true;
            }
        }

        return false;
    }
}
