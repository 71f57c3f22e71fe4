namespace Infra.Tests.Containers;

/// <summary>The worker's Dockerfile as text: a linter, and the rules of this system.</summary>
[Trait("Speed", "fast")]
public class DockerfileTests
{
    private static readonly string Root = LocalSystem.Repository();
    private static readonly string Tool = Path.Combine(Root, "tests", "Infra.Tests", "Containers");
    private static readonly string Dockerfile = Path.Combine(Root, "GpuWorker", "Dockerfile");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_linter_says_nothing_and_says_something_of_a_bad_file()
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        Assert.SkipUnless(Command.Exists(npm), "npm brings the linter of Dockerfiles.");
        if (!Directory.Exists(Path.Combine(Tool, "node_modules", "dockerfile-utils")))
            await Command.MustAsync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Tool, Token);

        Assert.Equal("", await Command.MustAsync("node", ["lint.cjs", Dockerfile], Tool, Token));
        var bad = Path.GetTempFileName();
        await File.WriteAllTextAsync(bad, "FROM scratch\nMAINTAINER someone\nWORKDIR app\n", Token);
        var said = await Command.MustAsync("node", ["lint.cjs", bad], Tool, Token);
        File.Delete(bad);
        Assert.Equal("line 2: MAINTAINER has been deprecated\nline 3: WORKDIR paths should be absolute", said.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void It_has_stages_on_noble_a_layer_for_native_libraries_no_root_and_an_entry_point_that_gets_signals()
    {
        var lines = File.ReadAllText(Dockerfile).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        var stages = lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["FROM ${SDK_IMAGE} AS build", "FROM ${RUNTIME_IMAGE} AS final"], stages);
        // TorchSharp's library needs a libstdc++ that bookworm and jammy lack.
        Assert.All(lines.Where(line => line.StartsWith("ARG ", StringComparison.Ordinal) && line.Contains("_IMAGE=", StringComparison.Ordinal)), line => Assert.EndsWith("-noble", line));

        var final = lines[Array.IndexOf(lines, stages[1])..];
        Assert.Equal(["COPY --from=build /out/native/ /app/", "COPY --from=build /out/app/ /app/"], final.Where(line => line.StartsWith("COPY", StringComparison.Ordinal)));
        Assert.Equal("USER 1654", Assert.Single(final, line => line.StartsWith("USER", StringComparison.Ordinal)));
        Assert.StartsWith("ENTRYPOINT [\"", Assert.Single(final, line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(final, line => line.StartsWith("RUN", StringComparison.Ordinal) || line.StartsWith("CMD", StringComparison.Ordinal));
    }

    [Fact]
    public void The_context_is_what_the_image_is_built_from()
    {
        var rules = File.ReadAllLines(Path.Combine(Root, ".dockerignore")).Where(line => line.Length > 0 && line[0] != '#').ToList();
        Assert.Equal("*", rules[0]);
        var copied = File.ReadAllText(Dockerfile).Split('\n').Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]).Select(path => path.Split('/')[0]).Distinct();
        Assert.All(copied, path => Assert.Contains($"!{path}", rules));
        Assert.Contains("**/obj", rules);
    }
}
