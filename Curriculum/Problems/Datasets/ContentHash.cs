using System.Text;
using Curriculum.Plans;
using Curriculum.Texts;

namespace Curriculum.Problems.Datasets;

/// <summary>What makes two problems the same, and decides on their split: the text, but for what cannot change its meaning.</summary>
/// <remarks>See <see cref="PlainContent"/>. Two problems that mean the same and are worded or typeset differently are two: no hash can tell.</remarks>
public static class ContentHash
{
    /// <summary>SHA-256 of the plain content.</summary>
    public static string Of(string problem) => Sha256Hex.Of(Encoding.UTF8.GetBytes(PlainContent.Of(problem)));

    /// <summary>80 % train, 10 % validation, 10 % test, by the hash alone: adding, removing or reordering other problems moves none.</summary>
    public static DatasetSplit SplitOf(string problem) => (Convert.ToUInt32(Of(problem)[..8], 16) % 10) switch
    {
        0 => DatasetSplit.Test,
        1 => DatasetSplit.Validation,
        _ => DatasetSplit.Train,
    };
}
