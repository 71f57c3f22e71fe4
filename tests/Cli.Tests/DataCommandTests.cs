using System.Diagnostics;

namespace Curriculum.Tests.Problems.Datasets;

/// <summary>data.cs as a person calls it: it is built once, and then told three things.</summary>
[Trait("Speed", "slow")]
public sealed class DataCommandTests
{
    [Fact]
    public async Task The_command_says_what_it_found_and_its_exit_code_says_whether_all_is_well()
    {
        var folder = Directory.CreateTempSubdirectory("data-");
        try
        {
            string At(string name) => Path.Combine(folder.FullName, name);
            await File.WriteAllLinesAsync(
                At("source.jsonl"),
                ["""{"question": "What is 2+2?", "answer": "2+2=<<2+2=4>>4\n#### 4"}""", """{"question": "What is 2+3?", "answer": "2+3=<<2+3=6>>6\n#### 6"}"""],
                TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(At("other.jsonl"), """{"id": "x", "problem": "what is 2+2", "steps": [], "answer": "4"}""", TestContext.Current.CancellationToken);

            var converted = await RunAsync([], "gsm8k", At("source.jsonl"), At("set.jsonl"), "--prefix", "made");
            Assert.True(converted.Code == 0, converted.Said);
            Assert.Contains("2 lines, 1 converted", converted.Said, StringComparison.Ordinal);
            Assert.Contains("wrong-annotation", await File.ReadAllTextAsync(At("set.jsonl.rejected.tsv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

            var overlapping = await RunAsync(["--no-build"], "check", At("set.jsonl"), At("other.jsonl"));
            Assert.True(overlapping.Code == 1, overlapping.Said);
            Assert.Contains("1 items, 0 faults, 0 duplicates", overlapping.Said, StringComparison.Ordinal);
            Assert.Contains($"  1 problems are in {At("set.jsonl")} too", overlapping.Said, StringComparison.Ordinal);
            Assert.Contains("    'x' is 'made", overlapping.Said, StringComparison.Ordinal);

            var kept = await RunAsync(["--no-build"], "keep", At("source.jsonl"), At("kept.jsonl"));
            Assert.True(kept.Code == 0, kept.Said);
            Assert.Contains("2 lines, 0 converted", kept.Said, StringComparison.Ordinal);

            var absent = await RunAsync(["--no-build"], "check", At("absent.jsonl"));
            Assert.True(absent.Code == 2, absent.Said);
            Assert.Contains("absent.jsonl", absent.Said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string[] options, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["run", .. options, "data.cs", "--", .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
