using Curriculum.Problems;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Tests.Execution;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

[Trait("Speed", "fast")]
public sealed class VocabularyExtensionTests
{
    public VocabularyExtensionTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Fact]
    public void A_new_character_is_the_mean_of_those_there_and_changes_nothing_else()
    {
        var before = WorkExecutorTests.Base(1);
        var after = VocabularyExtension.Of(before, "<>A");
        using var narrow = LoadedPolicy.Load(before, CPU);
        using var wide = LoadedPolicy.Load(after, CPU);
        Assert.Equal(TwoDials.Characters + "<>", wide.Weights.Config.Characters);
        Assert.Equal([35], wide.Tokenizer.Encode("<"));

        using var scope = NewDisposeScope();
        var table = wide.Weights.Embedding.detach();
        Assert.Equal(narrow.Weights.Embedding.detach().data<float>().ToArray(), table.narrow(0, 0, 35).contiguous().data<float>().ToArray());
        Assert.Equal(0, (table[35] - narrow.Weights.Embedding.detach().mean([0])).abs().max().item<float>(), 1e-7);
        Assert.Equal(table[35].data<float>().ToArray(), table[36].data<float>().ToArray());
        Assert.NotEqual(before.StateKey, after.StateKey);
    }

    [Fact]
    public void Nothing_missing_leaves_the_state_as_it_is()
    {
        var state = WorkExecutorTests.Base(1);
        Assert.Same(state, VocabularyExtension.Of(state, null));
        Assert.Same(state, VocabularyExtension.Of(state, "A7;"));
        var once = VocabularyExtension.Of(state, "<>");
        Assert.Same(once, VocabularyExtension.Of(once, "<>"));
    }
}
