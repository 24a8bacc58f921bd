package io.github.lbkit.testkit.protection;

/** The protection of servers when one thread begins an attempt and another thread ends it. */
class ProtectionOverThreadsTest extends ProtectionTest {
    private long before;

    /** By a new thread, whose number is odd if that of the one before was even: the two count apart. */
    @Override
    void asACaller(Runnable something) {
        Thread caller = new Thread(something);
        while ((caller.getId() - before) % 2 == 0) {
            caller = new Thread(something);
        }
        before = caller.getId();
        caller.start();
        try {
            caller.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
