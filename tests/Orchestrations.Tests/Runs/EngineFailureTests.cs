using Orchestrations.Runs;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "fast")]
public class EngineFailureTests
{
    [Theory]
    [InlineData("\"Microsoft.DurableTask.TaskFailedException: Task 'Boom' (#0) failed with an unhandled exception: boom o1\"", "boom o1")]
    [InlineData("Microsoft.DurableTask.TaskFailedException: Task 'Outer' (#3) failed with an unhandled exception: Task 'Boom' (#0) failed with an unhandled exception: boom: twice", "boom: twice")]
    [InlineData("System.InvalidOperationException: It is over.", "It is over.")]
    [InlineData("The run was ended: by hand.", "The run was ended: by hand.")]
    public void The_cause_is_read_out_of_what_a_backend_without_details_keeps(string output, string cause) => Assert.Equal(cause, EngineFailure.Cause(output));
}
