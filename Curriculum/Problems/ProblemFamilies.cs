using System.Collections.Frozen;
using Curriculum.Problems.Datasets;

namespace Curriculum.Problems;

/// <summary>The families by name.</summary>
public static class ProblemFamilies
{
    private static readonly FrozenDictionary<string, IProblemFamily> ByName =
        new IProblemFamily[] { new TwoDials(), new RandomCalculation(), new Gsm8k(), new DatasetFamily() }.ToFrozenDictionary(family => family.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static bool Exists(string name) => ByName.ContainsKey(name);

    /// <summary>The family of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such family; the message lists those that there are.</exception>
    public static IProblemFamily Get(string name) => ByName.TryGetValue(name, out var family)
        ? family
        : throw new KeyNotFoundException($"Expected a problem family, one of {string.Join(", ", Names)}; found '{name}'.");
}
