using System.Text.Json;
using CsCheck;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Texts;
using Testing;

namespace Curriculum.Tests.Problems.Datasets;

[Trait("Speed", "fast")]
public sealed class DatasetTests
{
    private const string Good = """{"id": "a/0", "problem": "What is 1+1?", "steps": ["1. **Add** 1+1", "2. **Say** it is 2"], "answer": "2", "released": "2025-05-31"}""";

    [Fact]
    public void An_item_comes_back_from_its_line()
    {
        var item = DatasetReader.Read([Good]).Items.Single();
        Assert.Equal(("a/0", "What is 1+1?", "2", new DateOnly(2025, 5, 31), 2), (item.Id, item.Problem, item.Answer, item.Released!.Value, item.Steps.Count));
        Assert.Equal(item.ToLine(), DatasetReader.Read([item.ToLine()]).Items.Single().ToLine());
        Assert.Contains("\\\\frac{1}{2} < é", (item with { Answer = "\\frac{1}{2} < é" }).ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "Expected JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"problem": "p", "steps": [], "answer": "1"}""", "/id")]
    [InlineData("""{"id": 1, "problem": "p", "steps": [], "answer": "1"}""", "/id: expected text, found Number")]
    [InlineData("""{"id": "x", "problem": " ", "steps": [], "answer": "1"}""", "/problem")]
    [InlineData("""{"id": "x", "problem": "p", "answer": "1"}""", "/steps")]
    [InlineData("""{"id": "x", "problem": "p", "steps": ["a", 2], "answer": "1"}""", "/steps/1")]
    [InlineData("""{"id": "x", "problem": "p", "steps": [""], "answer": "1"}""", "/steps/0")]
    [InlineData("""{"id": "x", "problem": "p", "steps": [], "answer": ""}""", "/answer")]
    [InlineData("""{"id": "x", "problem": "p", "steps": [], "answer": "1", "released": "31.5.2025"}""", "/released")]
    [InlineData("""{"id": "x", "problem": "p", "steps": [], "answer": "1", "level": 3}""", "/level: unknown")]
    [InlineData("""{"id": "x", "id": "y", "problem": "p", "steps": [], "answer": "1"}""", "/id: expected once")]
    [InlineData("""{"id": "a/0", "problem": "p", "steps": [], "answer": "1"}""", "which line 1 has too")]
    [InlineData("""{"id": "\ud800", "problem": "p", "steps": [], "answer": "1"}""", "Unicode")]
    public void A_fault_names_its_line_and_member(string line, string fault)
    {
        var reading = DatasetReader.Read([Good, "", line]);
        Assert.Single(reading.Items);
        Assert.All(reading.Faults, found => Assert.Equal(3, found.Line));
        Assert.Contains(reading.Faults, found => found.Message.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Any_line_is_read_or_refused_and_nothing_is_thrown() =>
        Gen.OneOf(Gen.String, Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Char).Select(change => Good[..change.Item1] + change.Item2 + Good[(change.Item1 + 1)..])).Sample(line =>
            DatasetReader.Read([line]) is var reading && (reading.Items.Count == 1 || reading.Faults.Count > 0 || string.IsNullOrWhiteSpace(line)), iter: 3_000);

    [Fact]
    public void The_same_problem_is_found_whatever_its_case_spaces_and_full_stop_and_another_is_not()
    {
        Assert.Equal([("b", "a")], DatasetOverlap.Duplicates([("a", "What is 2 + 2?"), ("b", "what  is 2+2"), ("c", "What is 2 - 2?"), ("d", "What is 22?")]));
        Assert.Equal([("x", "q")], DatasetOverlap.Between([("x", "A b."), ("y", "C")], [("p", "D"), ("q", "a b")]));
    }

    [Fact]
    public void A_pool_that_shares_a_problem_with_what_it_is_tested_on_is_refused_by_name()
    {
        IReadOnlyList<Problem> Pool(params string[] questions) =>
            [.. questions.Select(question => new Problem { Id = question, Family = DatasetFamily.FamilyName, Question = question, Answer = "1" })];
        PoolOverlap.Refuse([("training", Pool("a", "b")), ("validation", Pool("c")), ("one", Pool("d")), ("two", Pool("d"))]);
        Assert.Contains("'b.' is 'b'", Assert.Throws<ArgumentException>(() => PoolOverlap.Refuse([("training", Pool("a", "b")), ("validation", Pool("c")), ("one", Pool("b."))])).Message,
            StringComparison.Ordinal);
        Assert.Contains("validation in one", Assert.Throws<ArgumentException>(() => PoolOverlap.Refuse([("training", Pool("a")), ("validation", Pool("c")), ("one", Pool("c"))])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Splits_are_apart_depend_on_the_content_alone_and_are_80_10_10()
    {
        var problems = Enumerable.Range(0, 5_000).Select(i => $"Problem {i}?").ToList();
        var counts = problems.GroupBy(ContentHash.SplitOf).ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(counts[DatasetSplit.Train], 3_880, 4_120); // four standard deviations of a binomial
        Assert.InRange(counts[DatasetSplit.Validation], 415, 585);
        Assert.InRange(counts[DatasetSplit.Test], 415, 585);
        Assert.All(problems, problem => Assert.Equal(ContentHash.SplitOf(problem), ContentHash.SplitOf(problem.ToLowerInvariant() + " ")));
    }

    [Fact]
    public void The_family_draws_from_a_split_and_verifies_its_own_demonstrations()
    {
        var family = new DatasetFamily();
        string[] lines = [.. Enumerable.Range(0, 200)
            .Select(i => new DatasetItem { Id = $"i/{i}", Problem = $"Halve {i}.", Steps = [$"1. {i}/2\nis it", "2. Done"], Answer = $"\\frac{{{i}}}{{2}}" }.ToLine())];
        var drawn = new Dictionary<DatasetSplit, IReadOnlyList<Problem>>();
        foreach (var split in Enum.GetValues<DatasetSplit>())
        {
            var most = lines.Count(line => split == DatasetSplit.All || ContentHash.SplitOf(DatasetReader.Read([line]).Items[0].Problem) == split);
            drawn[split] = family.Create(Set(most, split), lines);
            Assert.Contains($"count of 1 to {most}", Assert.Throws<ArgumentException>(() => family.Create(Set(most + 1, split), lines)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(200, drawn[DatasetSplit.Train].Concat(drawn[DatasetSplit.Validation]).Concat(drawn[DatasetSplit.Test]).Select(problem => problem.Id).Distinct().Count());
        Assert.All(drawn[DatasetSplit.All], problem => Assert.True(family.Verify(problem, string.Concat(problem.Steps)).Correct));
        var one = drawn[DatasetSplit.All][0];
        Assert.StartsWith(one.Question + "\n\n" + one.Steps[0], family.Prompt(one, 1), StringComparison.Ordinal);
        Assert.NotEqual(family.Prompt(one), family.Prompt(one, 0));
        Assert.Equal(new(true, false, false), family.Verify(one, "\\boxed{x}"));
        Assert.False(family.Verify(one, "two\nlines").WellFormed);
        Assert.Equal("OutOfWork", family.Verify(one, "\\boxed{9^{9^{9}}}").Label);
    }

    [Fact]
    public void A_data_set_with_a_fault_or_a_duplicate_is_refused_whole()
    {
        var family = new DatasetFamily();
        Assert.Contains("Line 2: /steps", Assert.Throws<ArgumentException>(() => family.Create(Set(1, DatasetSplit.All), [Good, """{"id": "x", "problem": "p", "answer": "1"}"""])).Message,
            StringComparison.Ordinal);
        Assert.Contains("'b' is 'a/0'", Assert.Throws<ArgumentException>(() => family.Create(Set(1, DatasetSplit.All), [Good, Good.Replace("a/0", "b", StringComparison.Ordinal)])).Message,
            StringComparison.Ordinal);
        Assert.Contains("dataset", Assert.Throws<ArgumentException>(() => family.Create(Set(1, DatasetSplit.All), null)).Message, StringComparison.Ordinal);
    }

    // A brace that is not closed makes no box; it could be no answer, however right.
    [Theory]
    [InlineData("\\frac{1}{2", "(NoAnswer)")]
    [InlineData("}5{", "xpected")]
    public void A_reference_that_its_verifier_refuses_is_listed_by_line_unless_another_verifier_judges_it(string answer, string reason)
    {
        string[] lines = [Good, "", new DatasetItem { Id = "b", Problem = "q", Steps = [], Answer = answer }.ToLine()];
        var fault = Assert.Single(DatasetCheck.Of(lines).Faults);
        Assert.Equal(3, fault.Line);
        Assert.StartsWith("/answer: Expected an answer that the math verifier accepts as equal to itself", fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Line 3: /answer", Assert.Throws<ArgumentException>(() => new DatasetFamily().Create(Set(2, DatasetSplit.All), lines)).Message, StringComparison.Ordinal);

        var kept = SoundItems.Of([.. lines, Good.Replace("a/0", "c", StringComparison.Ordinal)]);
        Assert.Equal("a/0", Assert.Single(kept.Items).Id);
        Assert.Equal(["3 fault", "4 duplicate"], kept.Rejected.Select(line => $"{line.Line} {line.Reason}"));
        Assert.Empty(DatasetCheck.Of(kept.Items.Select(item => item.ToLine())).All);

        Assert.Empty(DatasetCheck.Of(lines, ownVerifier: true).All);
        Assert.Equal(2, new DatasetFamily().Create(Set(2, DatasetSplit.All) with { Verifier = "lean" }, lines).Count);
    }

    [Fact]
    public void A_file_is_tried_as_the_family_that_its_first_line_shows()
    {
        var twice = DatasetCheck.Of(["", " ", Good, Good.Replace("a/0", "b", StringComparison.Ordinal)]);
        Assert.Equal(("dataset", 2, 0), (twice.Family, twice.Rows, twice.LeftOut));
        Assert.Equal((4, "/problem: expected each problem once, 'b' is the problem of 'a/0'."), (Assert.Single(twice.Duplicates).Line, twice.Duplicates[0].Message));

        var words = DatasetCheck.Of(
            ["""{"question": "a", "answer": "1+1=<<1+1=2>>2\n#### 2"}""", """{"question": "b", "answer": "1+1=<<1+1=3>>3\n#### 3"}""", """{"question": "c", "answer": "none"}"""]);
        Assert.Equal(("gsm8k", 3, 1), (words.Family, words.Rows, words.LeftOut));
        Assert.Equal(3, Assert.Single(words.Faults).Line);
        Assert.Equal("Expected at least one line, found none.", Assert.Single(DatasetCheck.Of(["", "\t"]).All).Message);
    }

    [Fact]
    public void A_file_that_Windows_saved_is_the_same_set()
    {
        string[] lines = [Good, Good.Replace("a/0", "b", StringComparison.Ordinal).Replace("1+1", "2+2", StringComparison.Ordinal)];
        var saved = System.Text.Encoding.UTF8.GetBytes($"\ufeff{string.Join("\r\n", lines)}\r\n\r\n");
        Assert.Equal(DatasetReader.Read(lines).Items.Select(item => item.ToLine()), DatasetReader.Read(Utf8Lines.Read(saved)).Items.Select(item => item.ToLine()));
        Assert.Empty(DatasetCheck.Of(Utf8Lines.Read(saved)).All);
    }

    [Fact]
    public void Numbered_steps_are_cut_at_their_numbers()
    {
        var (steps, reason, _) = NumberedSteps.Split("1. **Set up** Let x be it.\n   1. nested\n   - list\n\n2. **Solve**\nx = 4, so \\boxed{4}.\n");
        Assert.Equal("", reason);
        Assert.Equal(["1. **Set up** Let x be it.\n   1. nested\n   - list", "2. **Solve**\nx = 4, so \\boxed{4}."], steps);
        Assert.Equal(2, NumberedSteps.Split("**1. Set up:** a\n**2. Solve:** b").Steps.Count);
        Assert.Equal(2, NumberedSteps.Split("Step 1: a\nStep 2: b").Steps.Count);
    }

    [Theory]
    [InlineData("{", "not-json")]
    [InlineData("""{"solution": "1. a\n2. b"}""", "no-problem")]
    [InlineData("""{"question": "q"}""", "no-solution")]
    [InlineData("""{"question": "q", "solution": "just text"}""", "text-before-step-1")]
    [InlineData("""{"question": "q", "solution": "1. alone", "answer": "1"}""", "no-steps")]
    [InlineData("""{"question": "q", "solution": "1. a\n3. b", "answer": "1"}""", "numbering")]
    [InlineData("""{"question": "q", "solution": "1. a\n1. b", "answer": "1"}""", "numbering")]
    [InlineData("""{"question": "q", "solution": "1. a\n2. **\n", "answer": "1"}""", "empty-step")]
    [InlineData("""{"question": "q", "solution": "1. a\n2. b"}""", "no-answer")]
    [InlineData("""{"question": "q!  ", "solution": "1. a\n2. b", "answer": "1"}""", "duplicate")]
    [InlineData("""{"question": "q", "solution": "1. a\n2. b", "answer": "\\frac{1}{2"}""", "answer-refused")]
    public void Every_rejected_solution_has_a_reason(string line, string reason)
    {
        var conversion = NumberedSteps.Convert(["""{"question": "q!", "solution": "1. a\n2. so \\boxed{7}"}""", line], new(), "s");
        Assert.Equal(("s/0", "7"), (conversion.Items.Single().Id, conversion.Items[0].Answer));
        Assert.Equal((2, reason), (conversion.Rejected.Single().Line, conversion.Rejected[0].Reason));
    }

    [Fact]
    public void All_of_gsm8k_is_converted_or_rejected_with_a_reason_and_what_is_converted_is_a_data_set()
    {
        var folder = Shared.Data("gsm8k");
        Assert.SkipWhen(folder is null, "shared/data/gsm8k is not beside this checkout.");
        var output = TestContext.Current.TestOutputHelper!;
        var all = new Dictionary<string, IReadOnlyList<DatasetItem>>();
        foreach (var (name, count, rejected) in ((string, int, string[])[])
        [
            ("train", 7473, ["395 unreadable-annotation <<560//10=56>>", "4170 unreadable-annotation <<180//3=60>>"]),
            ("test", 1319, []),
        ])
        {
            var conversion = Gsm8kConversion.Convert(Utf8Lines.Read(File.ReadAllBytes(Path.Combine(folder!, $"{name}.jsonl"))), $"gsm8k-{name}");
            Assert.Equal(rejected, conversion.Rejected.Select(item => $"{item.Line} {item.Reason} {item.Detail}"));
            Assert.Equal(count - rejected.Length, conversion.Items.Count);
            var reading = DatasetReader.Read([.. conversion.Items.Select(item => item.ToLine())]);
            Assert.Empty(reading.Faults);
            Assert.Equal(conversion.Items.Count, reading.Items.Count);
            all[name] = reading.Items;
            output.WriteLine($"{name}: {conversion.Items.Count} converted; {string.Join(", ", conversion.Rejected.GroupBy(item => item.Reason).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}"))}");
            Assert.Empty(DatasetOverlap.Duplicates(reading.Items.Select(item => (item.Id, item.Problem))));
        }

        Assert.Empty(DatasetOverlap.Between(all["test"].Select(item => (item.Id, item.Problem)), all["train"].Select(item => (item.Id, item.Problem))));
    }

    private static ProblemSetPlan Set(int count, DatasetSplit split) => new() { Family = DatasetFamily.FamilyName, Count = count, Seed = 1, Dataset = "d.jsonl", Split = split };
}
