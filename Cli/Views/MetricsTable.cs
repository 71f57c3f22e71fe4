using System.Globalization;
using System.Text;
using Curriculum.Api;

namespace Cli.Views;

/// <summary>A run's figures as a table of one value a line.</summary>
internal static class MetricsTable
{
    /// <summary>As RFC 4180 has it, with a header; names of arms and figures need no quotes. Values are in the shortest form that reads back the same.</summary>
    public static string Csv(RunMetrics metrics)
    {
        var text = new StringBuilder("arm,seed,stage,attempt,method,iteration,figure,value\n");
        foreach (var attempt in metrics.Attempts)
        {
            foreach (var line in attempt.Lines)
            {
                foreach (var (at, value) in line.At.Zip(line.Values))
                    text.Append(CultureInfo.InvariantCulture, $"{attempt.Arm},{attempt.Seed},{attempt.Stage},{attempt.Attempt},{ApiJson.Code(attempt.Method)},{at},{line.Figure},{value:R}\n");
            }
        }

        return text.ToString();
    }
}
