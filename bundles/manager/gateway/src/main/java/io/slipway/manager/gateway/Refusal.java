package io.slipway.manager.gateway;

/** A request that the gateway refuses before any service sees it. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        // refused requests are ordinary: no stack trace, which is the costly part of an exception
        super(problem.msg(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
