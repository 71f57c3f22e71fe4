using System.Globalization;
using System.Text.Json;
using Curriculum.Verifiers;
using Testing;

namespace Curriculum.Tests.Verifiers;

[Trait("Speed", "fast")]
public sealed class MathVerifierTests
{
    [Theory]
    [InlineData("7", "7")]
    [InlineData("-7", "−7")]
    [InlineData("0.5", "1/2")]
    [InlineData("\\frac{1}{2}", "0.50")]
    [InlineData("\\dfrac12", "\\frac{2}{4}")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("1{,}234", "1234")]
    [InlineData("1,\\!234.5", "1234.50")]
    [InlineData("50\\%", "50%")]
    [InlineData("50\\%", "0.5")]
    [InlineData("0.5", "50\\%")]
    [InlineData("50\\%", "50")]
    [InlineData("1\\frac{1}{2}", "3/2")]
    [InlineData("1 1/2", "1.5")]
    [InlineData("-2\\frac13", "-7/3")]
    [InlineData("1½", "1.5")]
    [InlineData("0.\\overline{3}", "\\frac{1}{3}")]
    [InlineData("0.1\\overline{6}", "1/6")]
    [InlineData("1.5e3", "1500")]
    [InlineData("3 \\times 10^{-2}", "0.03")]
    [InlineData("\\$18", "18")]
    [InlineData("18", "$18")]
    [InlineData("5 \\text{ cm}", "5")]
    [InlineData("5 \\text{ cm}", "5\\mathrm{cm}")]
    [InlineData("100 cm", "1 \\text{ m}")]
    [InlineData("2 hours", "120 minutes")]
    [InlineData("12\\text{ cm}^2", "12 \\text{ square centimeters}")]
    [InlineData("3 feet", "36 inches")]
    [InlineData("40 miles per hour", "40 mile per hour")]
    [InlineData("90^\\circ", "90")]
    [InlineData("\\sqrt{12}", "2\\sqrt{3}")]
    [InlineData("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}")]
    [InlineData("\\frac{1}{1+\\sqrt{2}}", "\\sqrt{2}-1")]
    [InlineData("\\sqrt{6}", "\\sqrt{2}\\cdot\\sqrt{3}")]
    [InlineData("\\sqrt[3]{-8}", "-2")]
    [InlineData("\\sqrt[3]{16}", "2 \\sqrt[3]{2}")]
    [InlineData("8^{2/3}", "4")]
    [InlineData("\\sqrt{-4}", "2i")]
    [InlineData("(1+\\sqrt{5})^2", "6+2\\sqrt5")]
    [InlineData("\\frac{\\pi}{2}", "0.5\\pi")]
    [InlineData("2π/4", "\\pi/2")]
    [InlineData("2^{10}", "1024")]
    [InlineData("2^10", "1024")]
    [InlineData("(-2)^2", "4")]
    [InlineData("(-1)^{101}", "-1")]
    [InlineData("5!", "120")]
    [InlineData("\\binom{5}{2}", "10")]
    [InlineData("(x+1)^2", "x^2+2x+1")]
    [InlineData("\\frac{x^2-1}{x-1}", "x+1")]
    [InlineData("x(y+z)", "zx+xy")]
    [InlineData("3x^{-1}", "\\frac{3}{x}")]
    [InlineData("\\frac{3}{x+1}+1", "\\frac{x+4}{x+1}")]
    [InlineData("x = 5", "5")]
    [InlineData("5", "x=5")]
    [InlineData("y = 2x+1", "y=1+2x")]
    [InlineData("2x+y=3", "3-y=2x")]
    [InlineData("f(x)=x^2", "f(x) = x\\cdot x")]
    [InlineData("(1,2)", "\\left(1, \\frac{4}{2}\\right)")]
    [InlineData("(1,000.5)", "(1,000.5)")]
    [InlineData("[0,1)", "\\left[0,1\\right)")]
    [InlineData("(-\\infty, 3]", "(-\\infty,3]")]
    [InlineData("(-\\infty,1)\\cup(2,\\infty)", "(2,\\infty)\\cup(-\\infty,1)")]
    [InlineData("\\{1,2,3\\}", "\\{3,2,1\\}")]
    [InlineData("\\{1,2\\}", "\\{1,2,2\\}")]
    [InlineData("1, 2", "2,1")]
    [InlineData("1 and 2", "\\{2, 1\\}")]
    [InlineData("x=1, x=2", "1,2")]
    [InlineData("1 \\pm \\sqrt{2}", "1-\\sqrt{2}, 1+\\sqrt{2}")]
    [InlineData("x > 5", "5 < x")]
    [InlineData("1 \\le x < 3", "3 > x \\geq 1")]
    [InlineData("\\text{Evelyn}", "evelyn")]
    [InlineData("Yes", "yes")]
    [InlineData("\\text{(A)}", "A")]
    [InlineData("101_2", "101_{2}")]
    [InlineData("|-3|", "3")]
    [InlineData("\\sin(x)", "\\sin (x)")]
    [InlineData("\\$18", "18 dollars")]
    [InlineData("18 dollars", "$18")]
    [InlineData("18 dollars", "18\\$")]
    [InlineData("18", "$18$")]
    [InlineData("18 cents", "$18$")]
    [InlineData("18 cents", "$18$ cents")]
    [InlineData("18 cents", "\\$0.18")]
    [InlineData("\\$18", "$\\$18$")]
    [InlineData("-5", "-\\$5")]
    [InlineData("-5", "\\$-5")]
    [InlineData("5,6", "$5, $6")]
    [InlineData("\\$18 per hour", "18 dollars per hour")]
    [InlineData("\\$5 million", "5,000,000 dollars")]
    [InlineData("5 \\text{ million}", "5000000")]
    [InlineData("2 dozen eggs", "24 eggs")]
    [InlineData("90 degrees", "90^\\circ")]
    [InlineData("90^\\circ", "90°")]
    [InlineData("90", "90^{\\circ}")]
    [InlineData("90^\\circ", "(90)^\\circ")]
    [InlineData("180^\\circ - 2\\alpha", "180 - 2\\alpha")]
    [InlineData("x = 30^\\circ", "30")]
    [InlineData("\\frac{90^\\circ}{2}", "45^\\circ")]
    [InlineData("x > \\$5", "x>5")]
    [InlineData("\\sin(30^\\circ)", "\\sin(30°)")]
    [InlineData("\\begin{pmatrix} 1 \\\\2 \\end{pmatrix}", "\\begin{pmatrix}1\\\\2\\end{pmatrix}")]
    public void The_same_value_is_accepted(string reference, string answer) =>
        Assert.Equal(MathOutcome.Equal, MathVerifier.Compare(answer, reference).Outcome);

    [Theory]
    [InlineData("7", "8")]
    [InlineData("1/3", "0.333")]
    [InlineData("1/3", "0.3333333333333333333333333")]
    [InlineData("\\pi", "3.14")]
    [InlineData("\\pi", "22/7")]
    [InlineData("\\sqrt{2}", "1.41421356237309504880")]
    [InlineData("50", "50\\%")]
    [InlineData("18", "18 cents")]
    [InlineData("18 dollars", "18 cents")]
    [InlineData("5 cm", "5 m")]
    [InlineData("5 cm", "5 \\text{ cm}^2")]
    [InlineData("5 apples", "5 pears")]
    [InlineData("1 1/2", "11/2")]
    [InlineData("11/2", "1 1/2")]
    [InlineData("(1,2)", "(2,1)")]
    [InlineData("(1,2)", "[1,2]")]
    [InlineData("[0,1)", "(0,1)")]
    [InlineData("(1,2)", "\\{1,2\\}")]
    [InlineData("(1,2)", "1,2")]
    [InlineData("1,2", "1")]
    [InlineData("1,1,2", "1,2,2")]
    [InlineData("\\{1,2\\}", "\\{1,2,3\\}")]
    [InlineData("5", "\\{5\\}")]
    [InlineData("x=5", "y=5")]
    [InlineData("x=1,y=2", "x=2,y=1")]
    [InlineData("x>5", "x\\ge 5")]
    [InlineData("x>5", "x<5")]
    [InlineData("101_2", "101")]
    [InlineData("101_2", "5")]
    [InlineData("\\sqrt{x^2}", "x")]
    [InlineData("2^{x}", "x^{2}")]
    [InlineData("-2^2", "4")]
    [InlineData("\\text{Evelyn}", "Eve")]
    [InlineData("yes", "no")]
    [InlineData("x+1", "x-1")]
    [InlineData("\\frac{1}{0}", "0")]
    [InlineData("\\infty", "-\\infty")]
    [InlineData("2x+y=3", "2x+y=4")]
    [InlineData("\\ln x^2", "(\\ln x)^2")]
    [InlineData("f(2)", "2f")]
    [InlineData("10^{6}", "10^{5}")]
    [InlineData("18 cents", "\\$18")]
    [InlineData("18 cents", "$18")]
    [InlineData("18 cents", "18$")]
    [InlineData("18 cents", "$18 cents")]
    [InlineData("5 cents, 6 cents", "$5, $6")]
    [InlineData("\\$18", "18 cents")]
    [InlineData("\\$18", "1.8 dollars")]
    [InlineData("18 dollars per hour", "\\$18")]
    [InlineData("18 euros", "\\$18")]
    [InlineData("18 euros", "€18")]
    [InlineData("18", "£18")]
    [InlineData("18", "18 dollars")]
    [InlineData("5 cm", "5^\\circ")]
    [InlineData("5 cm", "5°")]
    [InlineData("5 cm", "(5^\\circ)")]
    [InlineData("5 cm", "\\frac{10^\\circ}{2}")]
    [InlineData("5 cm", "x=5^\\circ")]
    [InlineData("(5 cm, 6 cm)", "(5^\\circ, 6^\\circ)")]
    [InlineData("5\\%", "5^\\circ")]
    [InlineData("5\\%", "\\$5")]
    [InlineData("5\\%", "\\$5\\%")]
    [InlineData("\\$5", "5^\\circ")]
    [InlineData("2 rad", "2^\\circ")]
    [InlineData("\\sin(30)", "\\sin(30^\\circ)")]
    [InlineData("\\sin 30", "\\sin 30°")]
    [InlineData("fg", "f \\circ g")]
    [InlineData("5 \\text{ m}", "5 \\text{ min}")]
    [InlineData("5 \\text{ m}", "5\\text{M}")]
    [InlineData("5 \\text{ mg}", "5 \\text{ Mg}")]
    [InlineData("5 million", "5")]
    [InlineData("5 \\text{ million dollars}", "\\$5")]
    [InlineData("2 dozen", "2")]
    [InlineData("3 quarters", "3")]
    [InlineData("5 squared", "5")]
    public void Another_value_is_not_accepted(string reference, string answer) => Assert.False(MathVerifier.Compare(answer, reference).Accepted);

    [Theory]
    [InlineData("1/2x")]
    [InlineData("2\\frac{3}{2}")]
    [InlineData("\\ln 2x")]
    [InlineData("1 2")]
    [InlineData("(1,000)")]
    [InlineData("007")]
    [InlineData("1.2.3")]
    [InlineData("\\infty-\\infty")]
    [InlineData("0/0")]
    [InlineData("3 \\approx 4")]
    [InlineData("the answer is 5")]
    [InlineData("2^3^2")]
    [InlineData("((1)")]
    [InlineData("\\unknown{1}")]
    [InlineData("1 < x > 0")]
    [InlineData("1,234,5")]
    public void What_is_ambiguous_or_not_understood_says_so(string answer)
    {
        var verdict = MathVerifier.Compare(answer, "1");
        Assert.Equal(MathOutcome.Unreadable, verdict.Outcome);
        Assert.NotEmpty(verdict.Reason);
    }

    [Theory]
    [InlineData("So \\boxed{1} and then \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}")]
    [InlineData("\\boxed{\\left\\{1, 2\\right\\}}", "\\left\\{1, 2\\right\\}")]
    [InlineData("\\boxed{a_{1_{2}}} done", "a_{1_{2}}")]
    [InlineData("\\boxed 5.", "5")]
    [InlineData("\\fbox{7}", "7")]
    [InlineData("\\boxed{3}\n#### 4", "3")]
    [InlineData("#### 3\n#### 4\u0003", "4")]
    [InlineData("work\n#### 1,234\nafter", "1,234")]
    [InlineData("42", "42")]
    [InlineData(" 42.\n", "42")]
    [InlineData("\\boxed{1} then \\boxed{2", null)]
    [InlineData("\\boxed{}", null)]
    [InlineData("\\boxed", null)]
    [InlineData("####", null)]
    [InlineData("", null)]
    [InlineData("several\nlines", null)]
    public void The_answer_is_found_where_it_is_written(string completion, string? answer)
    {
        var verdict = MathVerifier.Verify(completion, "1/2");
        Assert.Equal(answer, verdict.Answer);
        Assert.Equal(answer is null, verdict.Outcome == MathOutcome.NoAnswer);
    }

    [Theory]
    [InlineData("9999999999^{9999999999}")]
    [InlineData("2^{20001}")]
    [InlineData("(a+b+c+d+f+g)^{200}")]
    [InlineData("1000!!!")]
    [InlineData("99999999!")]
    [InlineData("1e999999")]
    [InlineData("((x+y+z+1)^{9}-(x-y+z)^{9})^{9}")]
    [InlineData("\\sin((\\sin((\\sin((\\sin((\\sin((a+b+c)^{12})+b+c)^{12})+b+c)^{12})+b+c)^{12})+b+c)^{12})")]
    [InlineData("|(|(|(|(|(a+b+c)^{12}|+b+c)^{12}|+b+c)^{12}|+b+c)^{12}|+b+c)^{12}|")]
    [InlineData("(((((a+b+c)^{12}+1)^{1/2}+b+c)^{12}+1)^{1/2}+b+c)^{12}")]
    [InlineData("(a+b+c)^{(a+b+c)^{20}}+(a+b+c)^{(a+b+d)^{20}}")]
    public async Task Endless_work_ends_with_its_label(string answer)
    {
        var verdict = Task.Run(() => MathVerifier.Compare(answer, "1"), TestContext.Current.CancellationToken);
        Assert.Equal(MathOutcome.OutOfWork, (await verdict.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public void Every_gsm8k_reference_is_itself_and_nothing_with_a_changed_digit()
    {
        var folder = Shared.Data("gsm8k");
        Assert.SkipWhen(folder is null, "shared/data/gsm8k is not beside this checkout.");
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder!, "train.jsonl")).Concat(File.ReadLines(Path.Combine(folder!, "test.jsonl"))))
        {
            var solution = JsonDocument.Parse(line).RootElement.GetProperty("answer").GetString()!;
            var reference = solution[(solution.LastIndexOf("####", StringComparison.Ordinal) + 4)..].Trim();
            Assert.True(MathVerifier.Verify(solution, reference).Accepted, reference);
            Assert.True(MathVerifier.Verify($"\\boxed{{{reference}}}", reference).Accepted, reference);
            Assert.True(MathVerifier.Verify(reference.Replace(",", "", StringComparison.Ordinal), reference).Accepted, reference);
            for (var i = 0; i < reference.Length; i++)
            {
                if (!char.IsAsciiDigit(reference[i]))
                    continue;
                var changed = $"{reference[..i]}{(char)('0' + ((reference[i] - '0' + 1 + (count % 9)) % 10))}{reference[(i + 1)..]}";
                Assert.False(MathVerifier.Verify($"#### {changed}", reference).Accepted, $"{changed} for {reference}");
            }

            count++;
        }

        Assert.Equal(8792, count);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} references"));
    }
}
