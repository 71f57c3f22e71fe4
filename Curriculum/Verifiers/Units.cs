using System.Collections.Frozen;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers;

/// <summary>Units of measure: their spellings, and how many of a dimension's base unit one is, exactly.</summary>
internal static class Units
{
    private const string Sterling = "pound sterling";

    private static readonly FrozenSet<string> Money = FrozenSet.Create(StringComparer.Ordinal, "money", "euro", Sterling, "yen", "yuan", "rupee");

    private static readonly FrozenDictionary<string, (string Dimension, Rational Size)> Known = Table().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a word is a unit's name or abbreviation.</summary>
    public static bool IsUnit(string word) => Find(word) is not null;

    /// <summary>Whether an answer may add a unit to a reference without one: one that is known, and of money no part of the main one, which is what a bare sum is in.</summary>
    public static bool MayBeAdded(string phrase) => Parts(phrase) is var parts && parts.All(part => IsKnown(part.Dimension))
        && !parts.Any(part => Money.Contains(Base(part.Dimension)) && part.Size != 1);

    /// <summary>Dimension and size of a unit phrase; a phrase that is not in the table is a dimension of its own.</summary>
    public static (string Dimension, Rational Size) Of(string phrase)
    {
        var parts = Parts(phrase);
        return parts is [var only] ? only : (string.Join('/', parts.Select(part => part.Dimension)), parts.Skip(1).Aggregate(parts[0].Size, (size, part) => size / part.Size));
    }

    /// <summary>Whether two quantities' units are of one dimension, and what one of the reference's is in one of the answer's.</summary>
    /// <remarks>Pounds are of mass, and of money where the reference is.</remarks>
    public static Rational? Ratio(string reference, string answer)
    {
        var (one, other) = (Of(reference), Of(answer));
        if (one.Dimension == $"{Sterling}^1" && Singular(answer.ToLowerInvariant()) == "pound")
            other = (one.Dimension, 1);
        return one.Dimension == other.Dimension ? one.Size / other.Size : null;
    }

    /// <summary>The name of a currency's or angle's sign.</summary>
    public static string Named(string sign) => sign switch
    {
        Scalar.Dollars => "dollars",
        Scalar.Degrees => "degrees",
        "€" => "euros",
        "£" => "gbp",
        "¥" => "yen",
        _ => "rupees",
    };

    private static bool IsKnown(string dimension) => Known.Values.Any(known => known.Dimension == Base(dimension));

    private static string Base(string dimension) => dimension[..dimension.LastIndexOf('^')];

    // metres per second: a unit over others.
    private static List<(string Dimension, Rational Size)> Parts(string phrase) => phrase.ToLowerInvariant() switch
    {
        "mph" => Parts("miles per hour"),
        "kph" or "kmh" => Parts("km per hour"),
        _ => [.. phrase.Split(" per ").Select(Single)],
    };

    private static (string Dimension, Rational Size) Single(string phrase)
    {
        var words = phrase.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word.Trim('.', ',')).ToList();
        var power = 1;
        if (words.Count == 2 && (words[0].ToLowerInvariant() is "square" or "sq" or "cubic"))
        {
            power = words[0].Equals("cubic", StringComparison.OrdinalIgnoreCase) ? 3 : 2;
            words.RemoveAt(0);
        }
        else if (words.Count > 0 && words[^1].IndexOf('^', StringComparison.Ordinal) is var caret and > 0
            && int.TryParse(words[^1].AsSpan(caret + 1), System.Globalization.CultureInfo.InvariantCulture, out var written) && written is 2 or 3)
        {
            (power, words[^1]) = (written, words[^1][..caret]);
        }

        if (words.Count != 1 || Find(words[0]) is not { } unit)
            return ($"{string.Join(' ', words.Select(word => Singular(word.ToLowerInvariant())))}^{power}", 1);
        return ($"{unit.Dimension}^{power}", unit.Size.Pow(power));
    }

    /// <summary>A word without its plural's s.</summary>
    public static string Singular(string word) => word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;

    // M is also a million, Mg a million grams: where the case of a letter says another unit, only the right one is read.
    private static (string Dimension, Rational Size)? Find(string word)
    {
        if ((word.Length == 1 && char.IsAsciiLetterUpper(word[0]) && word != "L") || (word.Length == 2 && word[0] == 'M' && word[1] is 'm' or 'g' or 'l' or 'M' or 'G' or 'L'))
            return null;
        return Known.TryGetValue(word, out var unit) || Known.TryGetValue(Singular(word), out unit) ? unit : null;
    }

    private static Dictionary<string, (string, Rational)> Table()
    {
        var table = new Dictionary<string, (string, Rational)>(StringComparer.OrdinalIgnoreCase);
        void Add(string dimension, Rational size, params string[] names)
        {
            foreach (var name in names)
                table.Add(name, (dimension, size));
        }

        Add("length", new(1, 1000), "mm", "millimeter", "millimetre");
        Add("length", new(1, 100), "cm", "centimeter", "centimetre");
        Add("length", 1, "m", "meter", "metre");
        Add("length", 1000, "km", "kilometer", "kilometre");
        Add("length", new(254, 10_000), "in", "inch", "inches");
        Add("length", new(3048, 10_000), "ft", "foot", "feet");
        Add("length", new(9144, 10_000), "yd", "yard");
        Add("length", new(1_609_344, 1000), "mi", "mile");
        Add("mass", new(1, 1000), "mg", "milligram");
        Add("mass", 1, "g", "gram");
        Add("mass", 1000, "kg", "kilogram");
        Add("mass", new(45_359_237, 100_000), "lb", "lbs", "pound");
        Add("mass", new(45_359_237, 1_600_000), "oz", "ounce");
        Add("time", 1, "s", "sec", "second");
        Add("time", 60, "min", "minute");
        Add("time", 3600, "h", "hr", "hour");
        Add("time", 86_400, "day");
        Add("time", 604_800, "week");
        Add("volume", new(1, 1000), "ml", "milliliter", "millilitre");
        Add("volume", 1, "l", "liter", "litre");
        Add("money", new(1, 100), "cent");
        Add("money", 1, "dollar", "usd", Scalar.Dollars);
        Add("euro", 1, "euro", "eur", "€");
        Add(Sterling, 1, "gbp", "sterling", "£");
        Add(Sterling, new(1, 100), "penny", "pence");
        Add("yen", 1, "yen", "jpy", "¥");
        Add("yuan", 1, "yuan", "rmb", "renminbi", "cny");
        Add("rupee", 1, "rupee", "inr", "₹");
        Add("angle", 1, "degree", "deg", Scalar.Degrees);
        Add("angle in radians", 1, "rad", "radian");
        return table;
    }
}
