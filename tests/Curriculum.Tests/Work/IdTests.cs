using System.Text.Json;
using CsCheck;
using Curriculum.Work;

namespace Curriculum.Tests.Work;

[Trait("Speed", "fast")]
public class IdTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcxyz0189-"], 1, 30].Where(name => name[0] != '-');
    private static readonly Gen<RunId> Run = Name.Select(RunId.Parse);
    private static readonly Gen<StageKey> Stage =
        Gen.Select(Run, Name, Gen.Int[-9999, 999_999], Gen.Int[0, 9999], Gen.Int[0, 9999], (run, arm, seed, stage, attempt) => new StageKey(new(run, arm, seed), stage, attempt));
    private static readonly Gen<WorkOwner> Owner = Gen.OneOf(
        Stage.Select(WorkOwner.Of),
        Gen.Select(Run, Gen.Int[0, 3], (run, scope) => WorkOwner.OfRun(run, new[] { WorkScope.Base, WorkScope.Votes, WorkScope.Audit, WorkScope.Queue }[scope])));
    private static readonly Gen<WorkItemId> Item = Gen.Select(
        Owner, Gen.Int[0, 999_999], Gen.Int[0, 9999], Gen.Int[0, 99_999], Gen.Enum<WorkKind>(), (owner, iteration, round, chunk, kind) => new WorkItemId(owner, iteration, round, chunk, kind));

    [Fact]
    public void Every_id_is_read_as_it_was_written() => Gen.Select(Item, Stage).Sample((item, stage) =>
        WorkItemId.Parse(item.ToString()) == item && WorkOwner.Parse(item.Owner.ToString()) == item.Owner
        && StageKey.Parse(stage.ToString()) == stage && ArmKey.Parse(stage.Of.ToString()) == stage.Of
        && JsonSerializer.Deserialize<WorkItemId>(JsonSerializer.Serialize(item)) == item
        && JsonSerializer.Deserialize<StageKey>(JsonSerializer.Serialize(stage)) == stage);

    [Fact]
    public void Two_ids_have_one_text_only_where_they_are_the_same() => Gen.Select(Item, Item).Sample((one, other) => (one.ToString() == other.ToString()) == (one == other));

    [Fact]
    public void Whatever_the_text_reading_it_gives_that_text_back_or_says_what_was_expected() =>
        Gen.OneOf(Gen.String[0, 60], Gen.Select(Item, Gen.Int[0, 20], Gen.Char["/@-a0 :.%"]).Select(t => t.Item1.ToString().Insert(Math.Min(t.Item2, t.Item1.ToString().Length), t.Item3.ToString())))
            .Sample(
                text =>
                {
                    try
                    {
                        Assert.Equal(text, WorkItemId.Parse(text).ToString());
                    }
                    catch (FormatException fault)
                    {
                        Assert.StartsWith("Expected ", fault.Message, StringComparison.Ordinal);
                    }
                },
                iter: 100_000);

    [Theory]
    [InlineData("majority-vote")]
    [InlineData("votes")]
    [InlineData("audit")]
    [InlineData("base")]
    [InlineData("turn")]
    public void No_arm_has_the_ids_of_the_runs_own_work_whatever_its_name(string arm)
    {
        var run = RunId.Parse("run");
        var own = new[] { WorkScope.Base, WorkScope.Votes, WorkScope.Audit, WorkScope.Queue }.Select(scope => WorkOwner.OfRun(run, scope)).ToList();
        var stage = WorkOwner.Of(new(new(run, arm, 0), 0, 0));
        Assert.DoesNotContain(stage, own);
        Assert.DoesNotContain(stage.Instance, own.Select(owner => owner.Instance));
        Assert.DoesNotContain(WorkItemId.Of(stage, WorkKind.Rollout).ToString(), own.Select(owner => WorkItemId.Of(owner, WorkKind.Rollout).ToString()));
        Assert.Throws<FormatException>(() => WorkScope.OfArm($"@{arm}"));
    }

    [Fact]
    public void What_is_copied_into_another_run_is_named_after_it_and_after_nothing_else()
    {
        // A run whose id is also a word of its contents.
        var (from, to) = (RunId.Parse("gsm8k"), RunId.Parse("copy"));
        Assert.Equal("copy/checkpoints/gsm8k/1/0/0/4", new StateRef("runs", "gsm8k/checkpoints/gsm8k/1/0/0/4", "00").In(to).Folder);
        var item = WorkItemId.Of(new StageKey(new(from, "gsm8k", 1), 0, 0), WorkKind.Validate, 3);
        Assert.Equal("copy/gsm8k/1/0/0/3/0/0/validate", item.In(to).ToString());
    }
}
