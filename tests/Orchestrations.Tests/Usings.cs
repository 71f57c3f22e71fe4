global using Curriculum.Api;
global using Xunit;
