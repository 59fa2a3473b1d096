"""Deep learning by hand and in PyTorch: the library behind the notebooks.

Nothing is imported here, so that ``import course_lib`` is instant. Import the part you need::

    from course_lib.numpy_nn.optimizers import SGD
    from course_lib.surfaces import rosenbrock
"""
