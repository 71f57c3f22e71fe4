using System.Text;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Problems.Datasets;

/// <summary>A problem's content apart from case, white space and punctuation: what makes two problems the same, and what decides on their split.</summary>
public static class ContentHash
{
    /// <summary>SHA-256 of the problem's letters, digits and mathematical signs in lower case.</summary>
    public static string Of(string problem)
    {
        var content = new StringBuilder(problem.Length);
        foreach (var rune in problem.EnumerateRunes())
        {
            // A sign changes what is asked (2 + 2 and 2 - 2), a comma or a line break does not.
            if (Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || rune.Value is '-' or '*' or '/' or '%' or '^' or '.' or '\\' or '!')
                content.Append(Rune.ToLowerInvariant(rune).ToString());
        }

        return CurriculumJson.Hash(Encoding.UTF8.GetBytes(content.ToString().TrimEnd('.')));
    }

    /// <summary>80 % train, 10 % validation, 10 % test, by the hash alone: adding, removing or reordering other problems moves none.</summary>
    public static DatasetSplit SplitOf(string problem) => (Convert.ToUInt32(Of(problem)[..8], 16) % 10) switch
    {
        0 => DatasetSplit.Test,
        1 => DatasetSplit.Validation,
        _ => DatasetSplit.Train,
    };
}
