using System.Collections.Frozen;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers;

/// <summary>Words after a number that belong to the number and are no unit: an answer must not leave them out.</summary>
internal static class NumberWords
{
    private static readonly FrozenDictionary<string, Rational> Scales = new Dictionary<string, Rational>(StringComparer.Ordinal)
    {
        ["dozen"] = 12,
        ["hundred"] = 100,
        ["thousand"] = 1_000,
        ["million"] = 1_000_000,
        ["billion"] = 1_000_000_000,
        ["trillion"] = new(1_000_000_000_000, 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Others = FrozenSet.Create(
        StringComparer.Ordinal, "half", "halve", "third", "quarter", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "twelfth", "hundredth", "thousandth",
        "millionth", "billionth", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "squared", "cubed", "factorial");

    /// <summary>What a phrase multiplies the number before it by, and the unit that is left of it.</summary>
    /// <exception cref="UnreadableException">It has a number word that is not read here: 3 quarters, of a dollar or of one?</exception>
    public static (Rational Scale, string? Unit) Read(string phrase)
    {
        var words = phrase.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Rational scale = 1;
        var read = 0;
        for (; read < words.Length && Scales.TryGetValue(Units.Singular(words[read]), out var times); read++)
            scale *= times;
        foreach (var word in words.Skip(read))
        {
            if (Others.Contains(Units.Singular(word)) || Scales.ContainsKey(Units.Singular(word)))
                throw new UnreadableException($"The number word '{word}' after a number.");
        }

        return (scale, read == words.Length ? null : string.Join(' ', words.Skip(read)));
    }
}
