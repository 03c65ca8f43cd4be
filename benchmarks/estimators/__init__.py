"""Every estimator of scikit-learn, exported and compared: the settings, the judge, the page."""
