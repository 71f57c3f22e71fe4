using Orchestrations.Storage;
using Orchestrations.Workflows;

namespace Orchestrations.Tests.Storage;

[Trait("Speed", "fast")]
public class RunCopyTests
{
    /// <summary>Stage 0 ended; stage 1 goes on from its checkpoint after 4 updates and 5 iterations.</summary>
    private static readonly ArmResume Resume = new(
        "srl", 1, [new(0, 0, At(10, 10))], new(1, 2, At(4, 5)));

    [Theory]
    [InlineData("checkpoints", "0/0/10/policy-00", true)]
    [InlineData("checkpoints", "1/2/4/manifest.json", true)]
    [InlineData("checkpoints", "1/2/6/manifest.json", false)]
    [InlineData("checkpoints", "1/1/2/manifest.json", false)]
    [InlineData("checkpoints", "2/0/2/manifest.json", false)]
    [InlineData("validations", "1-2-0000004.json", true)]
    [InlineData("validations", "1-2-0000006.json", false)]
    [InlineData("iterations", "0/0/records/0000009.json", true)]
    [InlineData("iterations", "0/0/9/batch-00.json", false)]
    [InlineData("iterations", "1/2/records/0000004.json", true)]
    [InlineData("iterations", "1/2/records/0000005.json", false)]
    [InlineData("profiles", "1-2-0000.json", false)]
    [InlineData("usage", "0-0.json", true)]
    [InlineData("usage", "1-2.json", false)]
    [InlineData("ends", "0000-0000.json", true)]
    [InlineData("ends", "0001-0002.json", false)]
    [InlineData("points", "0001-0002-0000004.json", true)]
    public void Only_what_lies_before_the_point_is_taken_over(string kind, string name, bool wanted) =>
        Assert.Equal(wanted, RunCopy.IsWanted(kind, name, Resume));

    private static StageProgress At(int updates, int iteration) =>
        new() { State = new("runs", "folder", "hash"), Updates = updates, Iteration = iteration };
}
