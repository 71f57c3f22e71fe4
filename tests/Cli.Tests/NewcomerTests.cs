using EndToEnd.Tests;
using Testing;

namespace Cli.Tests;

/// <summary>The commands of docs/FIRST-VERDICT.md, in their order, as they stand there.</summary>
[Trait("Speed", "slow")]
public sealed class NewcomerTests : IDisposable
{
    private const string Program = "dotnet run local.cs --";
    // What a person has to begin with, or does elsewhere.
    private static readonly string[] NotHere = ["git ", "cd ", "cp ", "azd ", "export ", "dotnet run local.cs"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newcomer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Who_follows_the_page_gets_a_verdict_on_own_data_and_an_own_model()
    {
        var data = Path.Combine(_folder.FullName, "local");
        SmallModel.Write(Path.Combine(_folder.FullName, "mine", "models", "my-model"));
        Person? host = null;
        var done = new List<string>();
        try
        {
            foreach (var line in Lines(Path.Combine(LocalSystem.Repository(), "docs", "FIRST-VERDICT.md")).TakeWhile(line => !line.Contains("--url", StringComparison.Ordinal)))
            {
                if (!line.StartsWith(Program, StringComparison.Ordinal))
                {
                    if (NotHere.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal)))
                        continue;
                    var told = await Person.ShellAsync(_folder.FullName, data, line);
                    Assert.True(told.Code == 0, $"{line}\n{told.Output}{told.Faults}");
                    continue;
                }

                // The same as the tests were built as, so that nothing is built under them.
                var words = line[Program.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                string[] built = words[0] is "run" or "start" or "model" ? [.. words, "--as-built", "--configuration", Person.Configuration] : words;
                done.Add(words[0]);
                var person = Person.In(_folder.FullName, data, built);
                if (words[0] == "start")
                {
                    host = person;
                    await host.ReadsAsync("The host listens at");
                    continue;
                }

                await using (person)
                {
                    var code = await person.EndAsync();
                    Assert.True(code == 0, $"{line}\n{person.Output}{person.Faults}");
                    if (words[0] == "verdict")
                        Assert.Contains("Too few seeds: 1", person.Output, StringComparison.Ordinal);
                }
            }

            Assert.Equal(["data", "model", "new", "check", "price", "run", "verdict", "start", "schedule", "list"], done.Distinct());
        }
        finally
        {
            if (host is not null)
            {
                await host.InterruptAsync();
                await host.EndAsync();
                await host.DisposeAsync();
            }
        }
    }

    // Of all blocks, without their comments.
    private static IEnumerable<string> Lines(string page)
    {
        var inside = false;
        foreach (var line in File.ReadLines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inside = !inside && line == "```";
            else if (inside && line.Split("  #")[0].TrimEnd() is { Length: > 0 } command)
                yield return command;
        }
    }
}
