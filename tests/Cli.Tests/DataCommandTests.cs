namespace Cli.Tests;

[Trait("Speed", "fast")]
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

            var converted = await Told.ByAsync("data", "gsm8k", At("source.jsonl"), At("set.jsonl"), "--prefix", "made");
            Assert.True(converted.Code == 0, converted.Faults);
            Assert.Contains("2 lines, 1 converted", converted.Output, StringComparison.Ordinal);
            Assert.Contains("wrong-annotation", await File.ReadAllTextAsync(At("set.jsonl.rejected.tsv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

            var overlapping = await Told.ByAsync("data", "check", At("set.jsonl"), At("other.jsonl"));
            Assert.True(overlapping.Code == 1, overlapping.Faults);
            Assert.Contains("1 items, 0 faults, 0 duplicates", overlapping.Output, StringComparison.Ordinal);
            Assert.Contains($"  1 problems are in {At("set.jsonl")} too", overlapping.Output, StringComparison.Ordinal);
            Assert.Contains("    'x' is 'made", overlapping.Output, StringComparison.Ordinal);

            var kept = await Told.ByAsync("data", "keep", At("source.jsonl"), At("kept.jsonl"));
            Assert.True(kept.Code == 0, kept.Faults);
            Assert.Contains("2 lines, 0 converted", kept.Output, StringComparison.Ordinal);

            var absent = await Told.ByAsync("data", "check", At("absent.jsonl"));
            Assert.Equal(2, absent.Code);
            Assert.Contains("there is no file", absent.Faults, StringComparison.Ordinal);
            Assert.Contains("absent.jsonl", absent.Faults, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_would_steer_the_terminal_is_shown_and_not_obeyed()
    {
        var folder = Directory.CreateTempSubdirectory("data-");
        try
        {
            var file = Path.Combine(folder.FullName, "hostile.jsonl");
            await File.WriteAllTextAsync(
                file, """{"id": "a\u001b[2J\u202eb", "problem": "[red]Say it.", "steps": [], "answer": "as [link=x]written\u001b]0;title"}""", TestContext.Current.CancellationToken);
            var told = await Told.ByAsync("data", "check", file);
            Assert.DoesNotContain('\u001b', told.Output + told.Faults);
            Assert.DoesNotContain('\u202e', told.Output + told.Faults);
            Assert.Contains("a⟨U+001B⟩[2J⟨U+202E⟩b", told.Output, StringComparison.Ordinal);
            Assert.Contains("[link=x]written", told.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
