using System.Text.Json;

namespace Curriculum.Problems.Datasets;

/// <summary>Converts GSM8K lines into data set items: a solution line is a step, and every calculator annotation must recompute exactly.</summary>
public static class Gsm8kConversion
{
    /// <summary>Converts lines of JSON with <c>question</c> and <c>answer</c>; reasons are those of <see cref="Gsm8kReader"/>, in kebab case.</summary>
    public static Conversion Convert(IReadOnlyList<string> lines, string prefix)
    {
        var reading = Gsm8kReader.Read(lines);
        return new(
            [.. reading.Problems.Select(problem => new DatasetItem
            {
                Id = $"{prefix}/{problem.Id[(Gsm8k.FamilyName.Length + 1)..]}",
                Problem = problem.Question,
                Steps = [.. problem.Steps.SkipLast(1).Select(step => step.TrimEnd('\n'))],
                Answer = problem.Answer,
            })],
            [.. reading.Rejected.Select(line => new RejectedItem(line.Line + 1, JsonNamingPolicy.KebabCaseLower.ConvertName(line.Reason.ToString()), line.Detail))]);
    }
}
