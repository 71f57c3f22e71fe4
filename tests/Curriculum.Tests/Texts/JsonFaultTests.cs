using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Tests.Texts;

[Trait("Speed", "fast")]
public sealed class JsonFaultTests
{
    private const string Control = """{"version":1,"desiredState":"pause"}""";

    [Theory]
    [InlineData("""{"desiredState":"pause"}""", "'version' missing at $ (line 1, byte 25).")]
    [InlineData("""{"version":1,"desiredState":"pause","more":2}""", "the member 'more' is unknown at $.more (line 1, byte 44).")]
    [InlineData("""{"version":"x","desiredState":"pause"}""", "another kind of value was expected at $.version (line 1, byte 15).")]
    [InlineData("""{"version":1,"desiredState":"stop"}""", "another kind of value was expected at $.desiredState (line 1, byte 35).")]
    [InlineData("[]", "another kind of value was expected at $ (line 1, byte 2).")]
    public void A_fault_is_told_by_its_place_and_without_the_names_of_what_read_it(string json, string words) => Assert.Equal(words, WordsOf(json));

    [Fact]
    public void No_cut_and_no_foreign_character_of_a_document_is_told_with_a_types_name()
    {
        Assert.Null(WordsOf(Control));
        for (var length = 0; length < Control.Length; length++)
        {
            foreach (var text in (string[])[Control[..length], $"{Control[..length]}null{Control[length..]}", $"{Control[..length]}}}{Control[length..]}", $"{Control[..length]}9{Control[length..]}"])
            {
                if (WordsOf(text) is { } words)
                    Assert.DoesNotMatch(@"System\.|Curriculum\.|\.NET|Exception|RunControl|LineNumber", words);
            }
        }
    }

    private static string? WordsOf(string json)
    {
        try
        {
            JsonSerializer.Deserialize(json, CurriculumJson.Default.RunControl);
            return null;
        }
        catch (JsonException fault)
        {
            return JsonFault.Words(fault);
        }
    }
}
