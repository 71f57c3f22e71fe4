using CsCheck;
using Curriculum.Problems.Datasets;

namespace Curriculum.Tests.Problems.Datasets;

[Trait("Speed", "fast")]
public sealed class PlainContentTests
{
    [Theory]
    [InlineData("(2+3)*4", "2+(3*4)")]
    [InlineData("Simplify 1:25", "Simplify 12:5")]
    [InlineData("Find f'(2)", "Find f(2)")]
    [InlineData("{1,2}", "(1,2)")]
    [InlineData("[0,1)", "(0,1]")]
    [InlineData("1,234", "12,34")]
    [InlineData("1.5", "15")]
    [InlineData("|x|", "x")]
    [InlineData("5!", "5")]
    [InlineData("x_1", "x1")]
    [InlineData("A\u00b2", "A2")]
    [InlineData("2 + 2", "2 - 2")]
    [InlineData("the numbers 1 -1", "the numbers 1-1")]
    [InlineData("the numbers 1 ,234", "the numbers 1,234")]
    [InlineData("1 2", "12")]
    [InlineData("1 2\n3 4", "1 2 3\n4")] // rows of a table
    [InlineData("if a:\n  b\nc", "if a:\n  b\n  c")] // indentation of code
    [InlineData("a man - eating shark", "a man-eating shark")]
    [InlineData("5 Mg", "5 mg")]
    [InlineData("x = AB", "x = ab")]
    [InlineData("f(x)", "F(x)")]
    [InlineData("\\Delta", "\\delta")]
    [InlineData("pages 5\u201310", "pages 5-10")] // a dash may be a range
    [InlineData("1, 2, 3, ...", "1, 2, 3,")]
    [InlineData("\"a\" b", "a \"b\"")]
    [InlineData("a\\ (b", "a\\(b")] // a control space
    [InlineData("x < -1", "x <- 1")]
    public void What_may_mean_another_thing_is_another_problem(string one, string other) => Assert.NotEqual(ContentHash.Of(one), ContentHash.Of(other));

    [Theory]
    [InlineData("What is 2 + 2?", "what  is 2+2")]
    [InlineData("Find x.", "Find x")]
    [InlineData("A train leaves.", "a train leaves")]
    [InlineData("Let x = 5.\r\nFind y.\r\n", "Let x=5. Find y.")]
    [InlineData("A long line of\nprose, wrapped.\n\nAnd more", "A long line of prose, wrapped. And more.")]
    [InlineData("( 2 + 3 ) * 4", "(2+3)*4")]
    [InlineData("1 , a", "1, a")]
    [InlineData("It\u2019s \u201cit\u201d", "It's \"it\"")]
    [InlineData("f\u2032(2)", "f'(2)")]
    [InlineData("3 \u2212 5", "3-5")]
    [InlineData("5\u00a0cm", "5 cm")]
    [InlineData("\ufeffFind\u200b x", "Find x")]
    [InlineData("  Find\tx  \n", "Find x")]
    [InlineData("Find x  \nwhere", "Find x\nwhere")]
    public void What_cannot_change_the_meaning_is_folded(string one, string other) => Assert.Equal(ContentHash.Of(one), ContentHash.Of(other));

    // Mathematics over a few signs: whatever one sign is changed for, or where it goes missing, the problem is another.
    [Fact]
    public void Any_sign_but_white_space_counts()
    {
        const string Signs = "12xyA+-*/=<>()[]{}'!,:;|^_\\$%&";
        var text = Gen.String[Gen.Char[Signs + "  "], 3, 30].Select(text => $"so {text.Trim()} b");
        Gen.Select(text, Gen.Int[0, 1_000], Gen.Char[Signs]).Sample((problem, at, sign) =>
        {
            if (problem.Length == 5)
                return;
            var place = 3 + (at % (problem.Length - 5));
            if (char.IsWhiteSpace(problem[place]) || problem[place] == sign)
                return;
            Assert.NotEqual(ContentHash.Of(problem), ContentHash.Of(problem[..place] + sign + problem[(place + 1)..]));
            Assert.True(ContentHash.Of(problem) != ContentHash.Of(problem.Remove(place, 1)), problem);
        }, iter: 20_000);
    }

    [Fact]
    public void Line_ends_and_the_white_space_around_a_text_never_count() => Gen.String[Gen.Char["abA1+-=()'\n .,"], 1, 40].Sample(text =>
        ContentHash.Of(text) == ContentHash.Of(text.ReplaceLineEndings("\r\n")) && ContentHash.Of(text) == ContentHash.Of($" \n{text.Replace("\n", " \t\n", StringComparison.Ordinal)}\t\n"));
}
