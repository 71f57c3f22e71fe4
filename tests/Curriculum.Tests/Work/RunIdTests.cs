using Curriculum.Work;

namespace Curriculum.Tests.Work;

[Trait("Speed", "fast")]
public class RunIdTests
{
    [Fact]
    public void A_key_that_is_an_id_is_its_own() => Assert.Equal("quick-3f2a-1", RunId.OfKey("quick-3f2a-1"));

    [Fact]
    public void Any_other_key_has_an_id_made_of_its_hash()
    {
        // printf 'My key' | sha256sum
        Assert.Equal("run-9360e70487107f8e", RunId.OfKey("My key"));
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a\n")]
    [InlineData("a.b")]
    public void No_id_leaves_its_prefix(string id) => Assert.False(RunId.IsValid(id));

    [Fact]
    public void New_ids_of_one_plan_differ() => Assert.NotEqual(RunId.New("quick"), RunId.New("quick"));
}
