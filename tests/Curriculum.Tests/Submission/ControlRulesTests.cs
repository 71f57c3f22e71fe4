namespace Curriculum.Tests.Submission;

[Trait("Speed", "fast")]
public sealed class ControlRulesTests
{
    private const string Stage = "/arms/1/stages/0";

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "low": 0.1, "high": 0.9, "aimLow": 0.1, "aimHigh": 0.9, "rollouts": 16 }""")]
    public void A_profile_with_its_bands_in_order_is_accepted(string profile) => Assert.True(PlanText.Read(($"{Stage}/profile", profile)).Valid);

    [Theory]
    [InlineData("""{ "low": 0.9 }""", "high", "aimLow")]
    [InlineData("""{ "aimLow": 0.1 }""", "aimLow")]
    [InlineData("""{ "aimLow": 0.6 }""", "aimLow")]
    [InlineData("""{ "aimHigh": 0.9 }""", "aimHigh")]
    [InlineData("""{ "rollouts": 1 }""", "rollouts")]
    public void A_profile_whose_bands_do_not_nest_is_refused_where_it_is_wrong(string profile, params string[] wrong) => Assert.Equal(
        wrong.Select(key => $"{Stage}/profile/{key}"), PlanText.Read(($"{Stage}/profile", profile)).Violations.Select(violation => violation.Pointer));

    [Theory]
    [InlineData("stop", true)]
    [InlineData("roll-back", true)]
    [InlineData("warn", false)]
    [InlineData("off", false)]
    public void A_loss_that_is_not_finite_cannot_only_warn(string action, bool valid)
    {
        var reading = PlanText.Read(($"{Stage}/guards", $$"""{ "nonFinite": { "action": "{{action}}" } }"""));
        Assert.Equal(valid, reading.Valid);
        if (!valid)
            Assert.Equal($"{Stage}/guards/nonFinite/action", Assert.Single(reading.Violations).Pointer);
    }

    [Fact]
    public void Guards_warn_and_profiles_are_off_unless_the_plan_says_otherwise()
    {
        var stage = Assert.IsType<Curriculum.Plans.SrlPlan>(PlanText.Read().Plan!.Arms[1].Stages[0]);
        Assert.Null(stage.Profile);
        Assert.Equal(new Curriculum.Plans.GuardsPlan(), stage.Guards);
        Assert.Equal(Curriculum.Plans.GuardAction.Warn, stage.Guards.SkippedComputation.Action);
        Assert.Equal(Curriculum.Plans.LoneSuccessAction.Admit, stage.Admission.LoneSuccess.Action);
    }

    [Fact]
    public void A_pass_at_k_that_the_validation_has_no_samples_for_is_refused()
    {
        Assert.True(PlanText.Read(($"{Stage}/gate", """{ "minimumPassAtK": 0.5, "passK": 4 }""")).Valid);
        Assert.Equal($"{Stage}/gate/passK", Assert.Single(PlanText.Read(($"{Stage}/gate", """{ "minimumPassAtK": 0.5, "passK": 8 }""")).Violations).Pointer);
    }

    [Fact]
    public void What_supervised_fine_tuning_cannot_be_asked_is_refused()
    {
        var reading = PlanText.Read(($"{Stage}/method", "\"sft\""), ($"{Stage}/gate", """{ "minimumFormatRate": 0.5, "minimumUsefulGroups": 0.5 }"""));
        Assert.Equal([$"{Stage}/gate/minimumUsefulGroups", $"{Stage}/gate/minimumFormatRate"], reading.Violations.Select(violation => violation.Pointer));
    }

    [Fact]
    public void A_budget_may_count_seconds() => Assert.True(PlanText.Read(("/budget", """{ "unit": "seconds", "amount": 60 }""")).Valid);
}
